// The helper functions that need nothing from outside. Called once, with the global object and the functions in Rust.
(function (global, native) {
    "use strict";
    const SystemDate = Date;
    const DAYS = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
    const MONTHS = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

    function isPlainHostName(host) {
        return host.indexOf(".") < 0 && host.indexOf(":") < 0;
    }

    function dnsDomainIs(host, domain) {
        return host.endsWith(domain);
    }

    function localHostOrDomainIs(host, hostdom) {
        return host === hostdom || hostdom.startsWith(host + ".");
    }

    function dnsDomainLevels(host) {
        return host.split(".").length - 1;
    }

    function convert_addr(address) {
        const bytes = address.split(".");
        return ((bytes[0] & 255) << 24) | ((bytes[1] & 255) << 16) | ((bytes[2] & 255) << 8) | (bytes[3] & 255);
    }

    // Only `.`, `*` and `?` are ordinary here; every other mark of a regular expression keeps its meaning there.
    const REWRITTEN = { ".": "\\.", "*": ".*", "?": "." };

    function shExpMatch(text, pattern) {
        const answer = native.shellMatch(text, pattern);
        if (answer !== undefined) {
            return answer;
        }
        return new RegExp("^" + pattern.replace(/[.*?]/g, (mark) => REWRITTEN[mark]) + "$").test(text);
    }

    function weekdayRange(...given) {
        const now = fields(given);
        if (given.length === 0) {
            return false;
        }
        const first = DAYS.indexOf(given[0]);
        const last = given.length === 2 ? DAYS.indexOf(given[1]) : first;
        return first >= 0 && last >= 0 && within(first, now.weekday, last);
    }

    // Two dates of the same form are a range, anything else is one date. Only what is given is compared.
    function dateRange(...given) {
        const now = fields(given);
        const half = given.length / 2;
        const first = date(given.slice(0, half));
        const last = date(given.slice(half));
        if (first && last && first.kinds === last.kinds) {
            return within(first.value, today(now, first.kinds), last.value);
        }
        const only = date(given);
        return only !== undefined && today(now, only.kinds) === only.value;
    }

    const DAY = 1, MONTH = 2, YEAR = 4;

    function date(parts) {
        let kinds = 0, value = 0;
        for (const part of parts) {
            const number = parseInt(part, 10);
            const month = MONTHS.indexOf(part);
            const kind = month >= 0 ? MONTH : number < 32 ? DAY : YEAR;
            if (month < 0 && !(number > 0) || kinds & kind) {
                return undefined;
            }
            kinds |= kind;
            value += kind === MONTH ? month * 32 : kind === DAY ? number : number * 512;
        }
        return kinds === 0 ? undefined : { kinds, value };
    }

    function today(now, kinds) {
        return (kinds & YEAR && now.year * 512) + (kinds & MONTH && now.month * 32) + (kinds & DAY && now.day);
    }

    function timeRange(...given) {
        const now = fields(given);
        const numbers = given.map(Number);
        const [a, b, c, d, e, f] = numbers;
        switch (numbers.length) {
            case 0:
                return false;
            case 1:
                return now.hour === a;
            case 2:
                return a <= now.hour && now.hour <= b;
            case 4:
                return within(seconds(a, b, 0), now.second, seconds(c, d, 59));
            case 6:
                return within(seconds(a, b, c), now.second, seconds(d, e, f));
            default:
                throw new Error("timeRange takes 1, 2, 4 or 6 numbers");
        }
    }

    function seconds(hour, minute, second) {
        return hour * 3600 + minute * 60 + second;
    }

    // A range whose end lies before its start goes round.
    function within(first, value, last) {
        return first <= last ? first <= value && value <= last : first <= value || value <= last;
    }

    // What the clock says, in UTC if the last argument asks for it. That argument is taken away.
    function fields(given) {
        const now = new SystemDate();
        if (given[given.length - 1] === "GMT") {
            given.pop();
            return {
                year: now.getUTCFullYear(), month: now.getUTCMonth(), day: now.getUTCDate(), weekday: now.getUTCDay(),
                hour: now.getUTCHours(), second: seconds(now.getUTCHours(), now.getUTCMinutes(), now.getUTCSeconds()),
            };
        }
        return {
            year: now.getFullYear(), month: now.getMonth(), day: now.getDate(), weekday: now.getDay(),
            hour: now.getHours(), second: seconds(now.getHours(), now.getMinutes(), now.getSeconds()),
        };
    }

    function getClientVersion() {
        return "1.0";
    }

    Object.assign(global, {
        isPlainHostName, dnsDomainIs, localHostOrDomainIs, dnsDomainLevels, convert_addr, shExpMatch,
        weekdayRange, dateRange, timeRange, getClientVersion,
    });
})
