// Every range that does not go round. A range of months ends with one of 31 days: others run over in older engines.
var week = ["SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT"];
var year_of_months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];
var long_months = [0, 2, 4, 6, 7, 9, 11];
function FindProxyForURL(url, host) {
    if (!isPlainHostName(host)) return "DIRECT"; // Once is enough.
    var answers = [], year = new Date().getFullYear(), zones = ["", ", 'GMT'"];
    function say(expression) { answers.push(expression + " = " + eval(expression)); }
    for (var z = 0; z < zones.length; z++) {
        var zone = zones[z] + ")";
        for (var i = 0; i < 7; i++) {
            say("weekdayRange('" + week[i] + "'" + zone);
            for (var j = i; j < 7; j++) say("weekdayRange('" + week[i] + "', '" + week[j] + "'" + zone);
        }
        for (i = 1; i <= 31; i++) {
            say("dateRange(" + i + zone);
            for (j = i; j <= 31; j++) say("dateRange(" + i + ", " + j + zone);
        }
        for (i = 0; i < 12; i++) {
            say("dateRange('" + year_of_months[i] + "'" + zone);
            for (j = 0; j < long_months.length; j++) {
                var last = long_months[j];
                if (last < i) continue;
                say("dateRange('" + year_of_months[i] + "', '" + year_of_months[last] + "'" + zone);
                say("dateRange(7, '" + year_of_months[i] + "', 23, '" + year_of_months[last] + "'" + zone);
                say("dateRange('" + year_of_months[i] + "', " + year + ", '" + year_of_months[last] + "', " + (year + 1) + zone);
                say("dateRange(7, '" + year_of_months[i] + "', " + (year - 1) + ", 23, '" + year_of_months[last] + "', " + year + zone);
            }
        }
        say("dateRange(" + year + zone);
        say("dateRange(" + (year - 1) + zone);
        say("dateRange(" + (year - 1) + ", " + year + zone);
        say("dateRange(" + (year + 1) + ", " + (year + 2) + zone);
        for (i = 0; i < 24; i++) {
            say("timeRange(" + i + zone);
            for (j = i; j < 24; j++) {
                say("timeRange(" + i + ", " + j + zone);
                say("timeRange(" + i + ", 0, " + j + ", 30" + zone);
                say("timeRange(" + i + ", 0, 0, " + j + ", 59, 59" + zone);
            }
        }
    }
    return answers.join("\t");
}
