//! Pictures as PNG (RFC 2083), uncompressed: grey values, one byte each.

const SIGNATURE: &[u8] = b"\x89PNG\r\n\x1a\n";
const WHITE: u8 = 0xff;

/// A white picture to draw on.
#[derive(Debug)]
pub(super) struct Picture {
    width: u16,
    height: u16,
    pixels: Vec<u8>,
}

impl Picture {
    /// At most 65,535 bytes with one more for each line, so that one stored block holds it all.
    pub(super) fn new(width: u16, height: u16) -> Self {
        let pixels = vec![WHITE; usize::from(width) * usize::from(height)];
        Self {
            width,
            height,
            pixels,
        }
    }

    /// Outside of the picture nothing happens.
    pub(super) fn set(&mut self, x: u16, y: u16, grey: u8) {
        if x < self.width && y < self.height {
            self.pixels[usize::from(y) * usize::from(self.width) + usize::from(x)] = grey;
        }
    }

    pub(super) fn to_png(&self) -> Vec<u8> {
        let size = [u32::from(self.width), u32::from(self.height)];
        // 8 bits, grey, the only compression, the only filter method, no interlacing.
        let header = [&size.map(u32::to_be_bytes).concat()[..], &[8, 0, 0, 0, 0]].concat();
        let lines = self.pixels.chunks(usize::from(self.width));
        let data: Vec<u8> = lines.flat_map(|line| [&[0], line].concat()).collect();
        [
            SIGNATURE,
            &chunk(b"IHDR", &header),
            &chunk(b"IDAT", &stored(&data)),
            &chunk(b"IEND", &[]),
        ]
        .concat()
    }
}

fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let named = [kind, data].concat();
    let length = (data.len() as u32).to_be_bytes();
    [&length, &named[..], &crc32(&named).to_be_bytes()].concat()
}

/// A zlib stream (RFC 1950) of one stored block (RFC 1951, section 3.2.4).
fn stored(data: &[u8]) -> Vec<u8> {
    let length = data.len() as u16;
    [
        &[0x78, 0x01, 0x01][..],
        &length.to_le_bytes(),
        &(!length).to_le_bytes(),
        data,
        &adler32(data).to_be_bytes(),
    ]
    .concat()
}

fn crc32(bytes: &[u8]) -> u32 {
    !bytes.iter().fold(!0, |crc, byte| {
        (0..8).fold(crc ^ u32::from(*byte), |crc, _| {
            (crc >> 1) ^ if crc & 1 == 1 { 0xedb8_8320 } else { 0 }
        })
    })
}

fn adler32(bytes: &[u8]) -> u32 {
    let (a, b) = bytes.iter().fold((1_u32, 0_u32), |(a, b), byte| {
        let a = (a + u32::from(*byte)) % 65_521;
        (a, (a + b) % 65_521)
    });
    b << 16 | a
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sums_are_those_of_the_standards() {
        assert_eq!(crc32(b"123456789"), 0xcbf4_3926);
        assert_eq!(adler32(b"Wikipedia"), 0x11e6_0398);
        assert_eq!(crc32(b"IEND"), 0xae42_6082);
    }

    #[test]
    fn a_picture_has_its_size() {
        let mut picture = Picture::new(3, 2);
        picture.set(2, 1, 0);
        picture.set(3, 0, 0);
        let png = picture.to_png();
        assert_eq!(&png[16..24], [0, 0, 0, 3, 0, 0, 0, 2]);
        let data = [0, WHITE, WHITE, WHITE, 0, WHITE, WHITE, 0];
        assert!(png.windows(data.len()).any(|window| window == data));
    }
}
