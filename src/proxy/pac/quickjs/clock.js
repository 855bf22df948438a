// Replaces the clock and the time zone by a fixed moment and a fixed offset, both in milliseconds.
(function (global, moment, offset) {
    "use strict";
    const System = global.Date;
    const proto = System.prototype;

    function Fixed(...parts) {
        if (new.target === undefined) {
            return new Fixed().toString();
        }
        const value = parts.length === 0 ? moment
            : parts.length === 1 ? new System(parts[0]).getTime()
            : System.UTC(...parts) - offset;
        return Reflect.construct(System, [value], new.target);
    }
    Fixed.prototype = proto;
    Fixed.now = () => moment;
    Fixed.parse = System.parse;
    Fixed.UTC = System.UTC;
    Object.defineProperty(proto, "constructor", { value: Fixed, writable: true, configurable: true });
    global.Date = Fixed;

    const getTime = proto.getTime, setTime = proto.setTime;
    const shifted = (date) => new System(getTime.call(date) + offset);
    const replace = (name, value) => Object.defineProperty(proto, name, { value, writable: true, configurable: true });
    for (const field of ["FullYear", "Month", "Date", "Day", "Hours", "Minutes", "Seconds", "Milliseconds"]) {
        const get = proto["getUTC" + field], set = proto["setUTC" + field];
        replace("get" + field, function () {
            return get.call(shifted(this));
        });
        if (set) {
            replace("set" + field, function (...parts) {
                const date = shifted(this);
                set.apply(date, parts);
                return setTime.call(this, getTime.call(date) - offset);
            });
        }
    }
    replace("getTimezoneOffset", function () {
        return -offset / 60000;
    });
})
