//! Everything that the pages say. The words are the mock's own, not the service's.

use super::language::Text;

// The frame.
pub(super) const TITLE: Text = Text::new("Reset your password", "パスワードのリセット");
pub(super) const NEXT: Text = Text::new("Next", "次へ");
pub(super) const CANCEL: Text = Text::new("Cancel", "キャンセル");
pub(super) const BACK: Text = Text::new("Back", "戻る");
pub(super) const CONTACT_ADMINISTRATOR: Text =
    Text::new("Contact your administrator", "管理者に連絡");
pub(super) const START_AGAIN: Text = Text::new("Start again", "最初からやり直す");
pub(super) const RETURN: Text = Text::new("Return to the sign-in page", "サインイン ページに戻る");
pub(super) const SUPPORT_CODE: Text = Text::new("Support code", "サポート コード");

// Who it is.
pub(super) const WHO: Text = Text::new("Who are you?", "アカウントの確認");
pub(super) const USER_ID: Text = Text::new("User ID", "ユーザー ID");
pub(super) const USER_ID_EXAMPLE: Text =
    Text::new("For example user@contoso.com", "例: user@contoso.com");
pub(super) const PICTURE: Text = Text::new("Picture with six digits", "6 桁の数字の画像");
pub(super) const PICTURE_DIGITS: Text = Text::new(
    "Type the digits in the picture",
    "画像の数字を入力してください",
);
pub(super) const OTHER_PICTURE: Text = Text::new("Show another picture", "別の画像を表示");
pub(super) const USER_ID_MISSING: Text =
    Text::new("Enter your user ID.", "ユーザー ID を入力してください。");
pub(super) const USER_ID_UNKNOWN: Text = Text::new(
    "This user ID is not known here. Check it and try again.",
    "このユーザー ID は見つかりません。確認してもう一度入力してください。",
);
pub(super) const PICTURE_WRONG: Text = Text::new(
    "Those are not the digits in the picture. Here is another one.",
    "画像の数字と一致しません。新しい画像で入力してください。",
);

// What it is about.
pub(super) const WHY: Text = Text::new("Why can you not sign in?", "サインインできない理由");
pub(super) const FORGOT: Text = Text::new("I forgot my password", "パスワードを忘れた");
pub(super) const FORGOT_HINT: Text = Text::new(
    "You choose a new password.",
    "新しいパスワードを設定します。",
);
pub(super) const LOCKED: Text = Text::new(
    "I know my password, but still cannot sign in",
    "パスワードはわかるがサインインできない",
);
pub(super) const LOCKED_HINT: Text = Text::new(
    "Your account is unlocked, and your password stays.",
    "アカウントのロックを解除します。パスワードは変わりません。",
);
pub(super) const CHOOSE_ONE: Text = Text::new("Choose one.", "いずれかを選択してください。");

// Proving it.
pub(super) const STEP_ONLY: Text = Text::new("Verification", "本人確認");
pub(super) const STEP_ONE: Text = Text::new("Verification step 1 of 2", "本人確認 ステップ 1/2");
pub(super) const STEP_TWO: Text = Text::new("Verification step 2 of 2", "本人確認 ステップ 2/2");
pub(super) const METHOD: Text = Text::new(
    "How do you want to be verified?",
    "確認方法を選択してください",
);
pub(super) const BY_EMAIL: Text = Text::new(
    "Email to my alternate address",
    "連絡用メール アドレスに電子メールを送信する",
);
pub(super) const BY_PHONE: Text = Text::new(
    "Text or call to my mobile phone",
    "携帯電話にテキスト送信または電話する",
);
pub(super) const BY_OFFICE_PHONE: Text =
    Text::new("Call to my office phone", "会社の電話に電話する");
pub(super) const BY_APP_APPROVAL: Text = Text::new(
    "Approve a notification in my authenticator app",
    "認証アプリの通知を承認する",
);
pub(super) const BY_APP_CODE: Text = Text::new(
    "Enter a code from my authenticator app",
    "認証アプリのコードを入力する",
);
pub(super) const BY_QUESTIONS: Text =
    Text::new("Answer my security questions", "セキュリティの質問に答える");
pub(super) const GATE_PASSED: Text = Text::new(
    "The first step is done. Choose another method for the second one.",
    "最初のステップが完了しました。次のステップの方法を選択してください。",
);
pub(super) const EMAIL_WILL_GO: Text = Text::new(
    "A code will be sent to this address:",
    "次のアドレスにコードを送信します:",
);
pub(super) const EMAIL: Text = Text::new("Email", "電子メール");
pub(super) const PHONE_NUMBER: Text = Text::new(
    "Full phone number, with country code",
    "国番号を含む電話番号",
);
pub(super) const PHONE_HINT: Text = Text::new(
    "Type the whole number that ends like this one:",
    "末尾が次と同じ番号をすべて入力してください:",
);
pub(super) const TEXT: Text = Text::new("Text", "テキスト送信");
pub(super) const CALL: Text = Text::new("Call", "電話する");
pub(super) const CALL_WILL_GO: Text = Text::new(
    "You will be called at this number:",
    "次の番号に電話します:",
);
pub(super) const SEND: Text = Text::new("Send notification", "通知を送信");
pub(super) const SEND_HINT: Text = Text::new(
    "A notification will be sent to your authenticator app.",
    "認証アプリに通知を送信します。",
);
pub(super) const CODE: Text = Text::new("Verification code", "確認コード");
pub(super) const CODE_SENT: Text = Text::new(
    "A code is on its way. Type it here.",
    "コードを送信しました。入力してください。",
);
pub(super) const SEND_AGAIN: Text = Text::new("Send another code", "コードを再送信");
pub(super) const APP_CODE_HINT: Text = Text::new(
    "Open your authenticator app and type the code it shows.",
    "認証アプリを開き、表示されるコードを入力してください。",
);
pub(super) const CALLING: Text = Text::new(
    "We are calling you. Take the call, press the pound key, then choose Next.",
    "電話をかけています。応答して # キーを押し、[次へ] を選択してください。",
);
pub(super) const NOTIFIED: Text = Text::new(
    "Approve the notification on your phone, then choose Next.",
    "電話で通知を承認し、[次へ] を選択してください。",
);
pub(super) const STILL_WAITING: Text =
    Text::new("There is no answer yet.", "まだ応答がありません。");
pub(super) const ANSWERED_NO: Text = Text::new(
    "It was declined. Try again, or choose another method.",
    "拒否されました。もう一度試すか、別の方法を選択してください。",
);
pub(super) const ANSWERED_NOT: Text = Text::new(
    "There was no answer in time. Try again.",
    "時間内に応答がありませんでした。もう一度お試しください。",
);
pub(super) const CODE_MISSING: Text = Text::new("Enter the code.", "コードを入力してください。");
pub(super) const CODE_WRONG: Text =
    Text::new("This code is not correct.", "コードが正しくありません。");
pub(super) const PHONE_DIFFERS: Text = Text::new(
    "This is not the number that is registered for you.",
    "登録されている番号と一致しません。",
);
pub(super) const QUESTIONS_HINT: Text = Text::new(
    "Answer as you did when you registered.",
    "登録したときの答えを入力してください。",
);
pub(super) const ANSWERS_WRONG: Text = Text::new(
    "At least one answer does not match.",
    "一致しない答えがあります。",
);

// The new password.
pub(super) const NEW_PASSWORD_STEP: Text =
    Text::new("Choose a new password", "新しいパスワードの設定");
pub(super) const NEW_PASSWORD: Text = Text::new("New password", "新しいパスワード");
pub(super) const CONFIRM_PASSWORD: Text =
    Text::new("Confirm the new password", "新しいパスワードの確認");
pub(super) const FINISH: Text = Text::new("Finish", "完了");
pub(super) const PASSWORD_RULES: Text = Text::new(
    "8 to 256 characters; three of these four: lower case, upper case, digits, symbols.",
    "8 ～ 256 文字。英小文字、英大文字、数字、記号のうち 3 種類以上。",
);
pub(super) const PASSWORD_MISSING: Text = Text::new(
    "Enter a new password.",
    "新しいパスワードを入力してください。",
);
pub(super) const PASSWORDS_DIFFER: Text = Text::new(
    "The two passwords are not the same.",
    "2 つのパスワードが一致しません。",
);
pub(super) const PASSWORD_TOO_SHORT: Text =
    Text::new("The password is too short.", "パスワードが短すぎます。");
pub(super) const PASSWORD_TOO_LONG: Text =
    Text::new("The password is too long.", "パスワードが長すぎます。");
pub(super) const PASSWORD_INVALID: Text = Text::new(
    "The password contains a character that is not allowed.",
    "使用できない文字が含まれています。",
);
pub(super) const PASSWORD_TOO_WEAK: Text =
    Text::new("The password is too simple.", "パスワードが単純すぎます。");
pub(super) const PASSWORD_BANNED: Text = Text::new(
    "The password contains a word or pattern that is too easy to guess.",
    "推測されやすい語句またはパターンが含まれています。",
);
pub(super) const PASSWORD_RECENT: Text = Text::new(
    "This password was used recently.",
    "このパスワードは最近使用されています。",
);
pub(super) const PASSWORD_NAMES_USER: Text = Text::new(
    "The password must not contain your user name.",
    "パスワードにユーザー名を含めることはできません。",
);

// The end.
pub(super) const DONE: Text = Text::new(
    "Your password has been reset",
    "パスワードがリセットされました",
);
pub(super) const DONE_HINT: Text = Text::new(
    "Sign in with your new password.",
    "新しいパスワードでサインインしてください。",
);
pub(super) const UNLOCKED: Text = Text::new(
    "Your account has been unlocked",
    "アカウントのロックが解除されました",
);
pub(super) const UNLOCKED_HINT: Text = Text::new(
    "Sign in with the password you have.",
    "現在のパスワードでサインインしてください。",
);
pub(super) const CANCELLED: Text = Text::new("You have cancelled", "キャンセルしました");
pub(super) const CANCELLED_HINT: Text =
    Text::new("Nothing has been changed.", "何も変更されていません。");
pub(super) const CONTACTED: Text =
    Text::new("Your administrator has been told", "管理者に連絡しました");
pub(super) const CONTACTED_HINT: Text = Text::new(
    "You will hear from them.",
    "管理者からの連絡をお待ちください。",
);
pub(super) const THROTTLED: Text = Text::new("Too many attempts", "試行回数が多すぎます");
pub(super) const THROTTLED_HINT: Text = Text::new(
    "Wait 24 hours, then try again, or contact your administrator.",
    "24 時間待ってからやり直すか、管理者に連絡してください。",
);

// What is in the way.
pub(super) const REFUSED: Text = Text::new(
    "You cannot reset your own password here",
    "ここではパスワードをリセットできません",
);
pub(super) const TENANT_OFF: Text = Text::new(
    "Password reset is turned off for your organisation.",
    "組織でパスワードのリセットが無効になっています。",
);
pub(super) const NO_WRITEBACK: Text = Text::new(
    "Your password is kept on-premises, and your organisation has not set up resetting it from here.",
    "パスワードはオンプレミスで管理されており、ここからのリセットは設定されていません。",
);
pub(super) const NO_POLICY: Text = Text::new(
    "No reset policy applies to your account.",
    "アカウントにリセット ポリシーが適用されていません。",
);
pub(super) const NO_LICENCE: Text = Text::new(
    "Your account lacks the licence for this.",
    "必要なライセンスがありません。",
);
pub(super) const NOT_IN_GROUP: Text = Text::new(
    "Your account is not in the group that may use this.",
    "利用できるグループに所属していません。",
);
pub(super) const TOO_FEW_METHODS: Text = Text::new(
    "Too few verification methods are registered for your account.",
    "登録されている確認方法が足りません。",
);
pub(super) const ON_PREMISES_REFUSED: Text = Text::new(
    "Your organisation's own directory did not allow the change.",
    "組織のディレクトリが変更を許可しませんでした。",
);
pub(super) const ON_PREMISES_UNREACHABLE: Text = Text::new(
    "Your organisation's own directory cannot be reached at the moment. Try again later.",
    "組織のディレクトリに接続できません。後でもう一度お試しください。",
);
pub(super) const CHANGED_PARTLY: Text = Text::new(
    "Your password has been changed",
    "パスワードが変更されました",
);
pub(super) const CLOUD_PENDING: Text = Text::new(
    "It is valid in your organisation's own directory. Wait some minutes until it is valid everywhere.",
    "組織のディレクトリでは有効です。すべてのサービスで有効になるまで数分お待ちください。",
);
pub(super) const ACCOUNT_DISABLED: Text = Text::new(
    "Your account is not enabled.",
    "アカウントが有効ではありません。",
);
pub(super) const ACCOUNT_WITHOUT_PASSWORD: Text = Text::new(
    "Your account has no password that could be reset.",
    "リセットできるパスワードがありません。",
);
pub(super) const SERVICE_ERROR: Text = Text::new(
    "Something went wrong. Try again, or contact your administrator.",
    "問題が発生しました。もう一度試すか、管理者に連絡してください。",
);

// The session.
pub(super) const COOKIES: Text = Text::new("Cookies are not enabled", "Cookie が無効です");
pub(super) const COOKIES_HINT: Text = Text::new(
    "This page needs cookies. Allow them, then start again.",
    "このページには Cookie が必要です。有効にしてからやり直してください。",
);
pub(super) const EXPIRED: Text = Text::new("Your session has ended", "セッションが終了しました");
pub(super) const EXPIRED_HINT: Text = Text::new(
    "Nothing was done with what you sent last.",
    "最後に送信された内容は処理されていません。",
);
pub(super) const FORGED: Text = Text::new("This page cannot be used", "このページは使用できません");
pub(super) const NEEDS_SCRIPT: Text = Text::new(
    "This page needs JavaScript.",
    "このページには JavaScript が必要です。",
);
pub(super) const PAGE_IS_OLD: Text = Text::new(
    "That page was no longer current. This is where you are.",
    "前のページは無効になりました。現在のページはこちらです。",
);
