//! The picture that asks for a person: digits, drawn crooked. *Invented*; only the ids of image and box are seen.

use super::super::random;
use super::png::Picture;

const LENGTH: usize = 6;
/// Pixels of the picture for one of the font.
const SCALE: u16 = 5;
const ADVANCE: u16 = 6 * SCALE;
const HEIGHT: u16 = 12 * SCALE;

/// Rows of five pixels, the leftmost in the highest of five bits.
const FONT: [[u8; 7]; 10] = [
    [14, 17, 19, 21, 25, 17, 14],
    [4, 12, 4, 4, 4, 4, 14],
    [14, 17, 1, 2, 4, 8, 31],
    [31, 2, 4, 2, 1, 17, 14],
    [2, 6, 10, 18, 31, 2, 2],
    [31, 16, 30, 1, 1, 17, 14],
    [6, 8, 16, 30, 17, 17, 14],
    [31, 1, 2, 4, 8, 8, 8],
    [14, 17, 17, 14, 17, 17, 14],
    [14, 17, 17, 15, 1, 2, 12],
];

/// One question, good for one answer.
#[derive(Clone, Debug)]
pub(super) struct Captcha {
    /// Names the picture in its address.
    pub(super) id: String,
    pub(super) answer: String,
}

impl Captcha {
    pub(super) fn draw_lots() -> Self {
        Self {
            id: random::guid(),
            answer: random::digits(LENGTH),
        }
    }

    pub(super) fn is_answered_by(&self, typed: &str) -> bool {
        typed.trim() == self.answer
    }

    pub(super) fn png(&self) -> Vec<u8> {
        let mut picture = Picture::new(ADVANCE * LENGTH as u16 + SCALE, HEIGHT);
        let crooked = random::bytes::<LENGTH>();
        for (place, (digit, lot)) in self.answer.bytes().zip(crooked).enumerate() {
            let glyph = &FONT[usize::from(digit.wrapping_sub(b'0')) % FONT.len()];
            let left = ADVANCE * place as u16 + SCALE;
            let top = SCALE + u16::from(lot) % (3 * SCALE);
            draw(&mut picture, glyph, left, top, u16::from(lot >> 6));
        }
        picture.to_png()
    }
}

/// Leans the digit: `lean` more pixels to the right for each row further up.
fn draw(picture: &mut Picture, glyph: &[u8; 7], left: u16, top: u16, lean: u16) {
    for (row, bits) in (0_u16..).zip(glyph) {
        for column in (0..5).filter(|column| bits >> (4 - column) & 1 == 1) {
            for (x, y) in (0..SCALE).flat_map(|x| (0..SCALE).map(move |y| (x, y))) {
                let shift = lean * (6 - row) / 3;
                picture.set(
                    left + column * SCALE + x + shift,
                    top + row * SCALE + y,
                    0x30,
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blanks_around_an_answer_do_not_count() {
        let captcha = Captcha::draw_lots();
        assert!(captcha.is_answered_by(&format!(" {}\n", captcha.answer)));
        assert!(!captcha.is_answered_by(""));
    }

    #[test]
    fn digits_look_different() {
        for (digit, glyph) in FONT.iter().enumerate() {
            let like_it = FONT.iter().filter(|other| *other == glyph);
            assert_eq!(like_it.count(), 1, "{digit}");
        }
    }
}
