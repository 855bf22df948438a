//! Pages as reset servers render them.

/// The page of a name.
pub fn page(name: &str) -> String {
    match name {
        "portal" => portal(4),
        "webforms" => webforms(),
        "django" => django(),
        "large" => large(),
        _ => panic!("which page is {name}?"),
    }
}

/// As the mock's portal renders the choice of a method.
fn portal(ways: usize) -> String {
    let hidden: String = ["__EVENTTARGET", "__EVENTARGUMENT", "__VIEWSTATE", "__EVENTVALIDATION", "ctl00$CorrelationID"]
        .iter()
        .map(|name| format!("<input type=\"hidden\" name=\"{name}\" id=\"{name}\" value=\"b8c1b5f2-91cf-4a6b\">"))
        .collect();
    let rows: String = (0..ways)
        .map(|way| {
            format!(
                "<tr><td><input type=\"radio\" name=\"ctl00$Main$Method\" value=\"{way}\" id=\"Radio{way}\">\
                 <label for=\"Radio{way}\">Send a code to way {way}</label></td></tr>"
            )
        })
        .collect();
    format!(
        "<!DOCTYPE html>\n<html lang=\"en\"><head><meta charset=\"utf-8\"><title>Reset your password</title>\
         <style>body{{font:16px/1.5 sans-serif;max-width:40em;margin:2em auto}}[role=alert]{{color:#a4262c}}</style></head>\
         <body><header><p>contoso.com</p></header><main><h1>Reset your password</h1>\
         <form id=\"aspnetForm\" method=\"post\" action=\"/?mkt=en-US\">{hidden}<div id=\"Panel\"><h2>Choose a way</h2>\
         <div id=\"Error\" role=\"alert\">That is not the number we know.</div><table>{rows}</table>\
         <label for=\"Number\">Phone number</label><input type=\"tel\" name=\"ctl00$Main$Number\" id=\"Number\" value=\"\">\
         <button type=\"submit\" name=\"ctl00$Main$Next\" id=\"Next\" value=\"Next\">Next</button></div></form></main></body></html>"
    )
}

/// With the view state of a page that keeps much.
fn webforms() -> String {
    let state = "/wEPDwUKMTY3NzE5MjIyMGRk+3==".repeat(50 * 1024 / 28);
    portal(12).replace("value=\"b8c1b5f2-91cf-4a6b\"><div", &format!("value=\"{state}\"><div"))
}

/// As Django's own reset renders it, in the frame of its administration.
fn django() -> String {
    "<!DOCTYPE html>\n<html lang=\"en-us\" dir=\"ltr\">\n<head>\n<title>Enter new password | Django site admin</title>\n\
     <link rel=\"stylesheet\" href=\"/static/admin/css/base.css\">\n<script src=\"/static/admin/js/theme.js\"></script>\n\
     </head>\n<body class=\"\" data-admin-utc-offset=\"0\">\n<a href=\"#content-start\" class=\"skip\">Skip</a>\n\
     <div id=\"container\"><header id=\"header\"><div id=\"site-name\"><a href=\"/admin/\">Administration</a></div></header>\n\
     <main id=\"content-start\"><h1>Enter new password</h1><form method=\"post\">\
     <input type=\"hidden\" name=\"csrfmiddlewaretoken\" value=\"8GCZqW2kS4X0bRz9QpLr1mTnVy7uHcJd\">\n\
     <fieldset class=\"module aligned\"><input class=\"hidden\" autocomplete=\"username\" value=\"adele\">\n\
     <div class=\"form-row field-password1\"><ul class=\"errorlist\"><li>This password is too common.</li></ul>\
     <div class=\"flex-container\"><label for=\"id_new_password1\">New password:</label>\
     <input type=\"password\" name=\"new_password1\" autocomplete=\"new-password\" required id=\"id_new_password1\"></div></div>\n\
     <div class=\"form-row field-password2\"><label for=\"id_new_password2\">Confirm password:</label>\
     <input type=\"password\" name=\"new_password2\" autocomplete=\"new-password\" required id=\"id_new_password2\"></div>\n\
     </fieldset><div class=\"submit-row\"><input type=\"submit\" value=\"Change my password\"></div></form></main>\n\
     <footer id=\"footer\"></footer></div>\n</body>\n</html>\n"
        .to_owned()
}

/// 200 KB of articles around many boxes.
fn large() -> String {
    let mut html = String::from("<!DOCTYPE html><html><head><title>Large</title></head><body><form method=post action=/x>");
    let mut number = 0;
    while html.len() < 200_000 {
        number += 1;
        html.push_str(&format!(
            "<div class=\"row r{number}\" data-key=\"k{number}\"><p>Some words about <b>number {number}</b> &amp; its \
             <a href=\"/help/{number}\">help</a>, which a person may read.</p><label for=\"i{number}\">Box {number}</label>\
             <input type=\"text\" class=\"box wide\" name=\"n{number}\" id=\"i{number}\" value=\"v{number}\"></div>\n"
        ));
    }
    html.push_str("<button name=go>Go</button></form></body></html>");
    html
}
