## 手順

step-captcha = 画像に表示されている文字を入力してください。
step-reset-or-unlock = 新しいパスワードを設定するか、パスワードを変えずにアカウントのロックだけを解除するかを選んでください。
step-choose-method = 本人確認の方法を選んでください。
step-confirm-contact = { $hint ->
    [none] 登録されている電話番号またはアドレスをすべて入力してください。
   *[other] 登録されている電話番号またはアドレスをすべて入力してください: { $hint }
}
step-enter-code = { $hint ->
    [app] 認証アプリまたはトークンに表示されているコードを入力してください。
    [none] このアカウントがリセットできる場合は、登録されている宛先にコードが送信されます。コードを入力してください。
   *[other] { $hint } にコードを送信しました。コードを入力してください。
}
step-questions = 秘密の質問に、登録したときと同じ答えを入力してください。
step-approve = 別のデバイスで要求を承認するか、電話に応答してください。
step-enter-current-password = 現在のパスワードを入力してください。有効期限が切れていてもかまいません。
step-new-password = 新しいパスワードを { $min } 文字以上 { $max } 文字以内で入力してください。小文字、大文字、数字、記号を組み合わせてください。
step-applying = 新しいパスワードを設定しています。しばらくお待ちください。
step-use-browser = このアカウントは Web ページでリセットします。

## 本人確認の方法

method-email = メールで受け取るコード
method-mobile-sms = SMS で受け取るコード
method-mobile-call = 携帯電話への通話
method-office-call = 会社の電話への通話
method-app-notification = 認証アプリの通知
method-app-code = 認証アプリのコード
method-security-questions = 秘密の質問
method-other = その他の方法: { $word }

## 受け付けられなかった入力

rejection-unknown-method = この方法は選べません。
rejection-wrong-contact = 登録されている内容と一致しません。
rejection-wrong-code = コードが正しくないか、有効期限が切れています。
rejection-unreadable-code = コードとして読み取れません。使えるのは英字と数字だけです。
rejection-not-approved = 要求が承認されませんでした。
rejection-missing-answer = 未入力の項目があります。すべて入力してください。
rejection-wrong-solution = 画像の文字と一致しません。新しい画像を見て入力してください。
rejection-wrong-answers = 登録されている答えと一致しません。
rejection-wrong-password = 現在のパスワードと一致しません。
rejection-password-too-short = パスワードが短すぎます。
rejection-password-too-long = パスワードが長すぎます。
rejection-password-characters = パスワードに使えるのは半角の英字、数字、空白、記号だけです。
rejection-password-too-weak = パスワードが推測されやすいものです。小文字、大文字、数字、記号を組み合わせてください。
rejection-password-recently-used = 以前に使ったパスワードです。別のパスワードを入力してください。
rejection-password-banned = 許可されていない単語やパターンが含まれています。別のパスワードを入力してください。
rejection-password-contains-name = パスワードに名前が含まれています。別のパスワードを入力してください。
rejection-password-not-complex = パスワードが組織の規則を満たしていません。より長いもの、または文字の種類が多いものを入力してください。
rejection-password-invalid = このパスワードはサービスで使えません。別のパスワードを入力してください。
rejection-not-applied = サービスがこのパスワードを設定できませんでした。別のパスワードを入力してください。
rejection-other = サービスが入力を受け付けませんでした ({ $code })。

## 結果

outcome-password-changed = 新しいパスワードを設定しました。
outcome-changed-cloud-pending = パスワードを変更しました。すべての場所で使えるようになるまで数分かかることがあります。
outcome-unlocked = アカウントのロックを解除しました。パスワードは変わっていません。
outcome-not-registered = 本人確認に必要な情報が登録されていません。パスワードのリセットはヘルプデスクに依頼してください。
outcome-needs-administrator = このパスワードは管理者だけがリセットできます ({ $code })。
outcome-blocked = 試行回数が多すぎます。しばらく待つか、ヘルプデスクに問い合わせてください。
outcome-expired = 時間がかかりすぎました。最初からやり直してください。
outcome-declined = ここではパスワードをリセットできませんでした。ユーザー名を確認するか、ヘルプデスクに問い合わせてください。
outcome-unknown = 新しいパスワードの設定中に接続が切れました。すでに有効になっている可能性があります。

advice-try-new-password-first = まず新しいパスワードでサインインしてください。できない場合は、最初からやり直してください。

## 障害: 設定

fault-no-protocol = このプログラムにはパスワードをリセットする方法が設定されていません。
fault-no-crypto-provider = このプログラムは暗号化の機能なしで作られています。
fault-invalid-authority = サインイン サービスのアドレスが正しく設定されていません。
fault-invalid-client-id = アプリケーションが正しく設定されていません。
fault-invalid-setting = このプログラムの設定に使えない値があります: { $setting }
fault-no-runtime = このプログラムはここではネットワークを使えません。
fault-application-refused = 組織の設定により、このプログラムではパスワードをリセットできません ({ $code })。
fault-challenge-type-refused = 組織の設定により、この方法ではパスワードをリセットできません ({ $code })。

## 障害: ネットワーク

fault-no-network = このコンピューターはネットワークに接続されていません。
fault-name-not-found = ネットワークで { $host } という名前が見つかりません。
fault-name-not-found-directly = ネットワークで { $host } という名前が見つかりません。このコンピューターのプロキシ設定は、この接続先にはプロキシを使わないようになっています。
fault-name-timed-out = { $host } の場所を時間内に調べられませんでした。
fault-connection-refused = { $host } が接続を拒否しました。
fault-unreachable = ここから { $host } に到達できません。
fault-connect-timed-out = { $host } から応答がありません。

## 障害: 暗号化

fault-tls-too-old = { $host } は古い暗号化方式しか使えません。
fault-tls-no-common-parameters = { $host } には、ここで使える暗号化方式がありません。
fault-tls-client-certificate-wanted = { $host } がこのコンピューターの証明書を求めています。ここでは不要なはずです。
fault-tls-not-tls = { $host } への経路の途中から、暗号化されていない応答がありました。
fault-tls-ended = 暗号化の準備中に { $host } との接続が切れました。
fault-tls-timed-out = { $host } との暗号化の準備に時間がかかりすぎました。
fault-tls-alert = { $host } が暗号化の準備を拒否しました。
fault-tls-ems-missing = { $host } の暗号化には、ここで必要な保護機能がありません。
fault-tls-name-refused = { $host } は、この名前には対応していないと応答しました。
fault-tls-misbehaved = 暗号化の準備中に { $host } から誤った応答がありました。

## 障害: 信頼

fault-trust-unknown-issuer = { $issuer ->
    [none] { $host } との接続を信頼できません。途中で通信が検査されている可能性があります。
   *[other] { $host } との接続を信頼できません。証明書の発行元は { $issuer } で、通信を検査している可能性があります。
}
fault-trust-inspected = { $host } との接続が途中で検査されています ({ $issuer })。ここでは許可されていません。
fault-trust-name-mismatch = { $host } の証明書は別の名前のものです。
fault-trust-expired = { $host } の証明書の期限が切れているか、このコンピューターの時計が正しくありません。
fault-trust-not-yet-valid = { $host } の証明書がまだ有効でないか、このコンピューターの時計が正しくありません。
fault-trust-not-pinned = { $host } の証明書は、Microsoft がこのホストに使っていない認証局 ({ $issuer }) のものです。
fault-trust-missing-intermediate = { $host } が認証局 ({ $issuer }) の証明書を示していません。
fault-trust-distrusted-root = { $host } の証明書は、すでに信頼されていない認証局 ({ $issuer }) のものです。
fault-trust-anchor-expired = { $host } の認証局 ({ $issuer }) の期限が切れているか、このコンピューターの時計が正しくありません。
fault-trust-disallowed = { $host } の証明書は、このコンピューターで禁止されています。
fault-trust-weak-key = { $host } の証明書の鍵が古いものです。
fault-trust-lives-too-long = { $host } の証明書の有効期間が、許された長さを超えています。
fault-trust-self-signed = { $host } の証明書は自己署名のものです。
fault-trust-weak-signature = { $host } の証明書の署名方式が古いものです。
fault-trust-authority-as-server = { $host } が認証局の証明書を自分の証明書として示しています。
fault-trust-constraint-violated = { $host } の証明書は、認証局に許された範囲を超えています。
fault-trust-unsupported-critical = { $host } の証明書に、ここでは扱えない条件があります。
fault-trust-too-complex = { $host } の証明書の経路をたどれません。
fault-trust-malformed = { $host } の証明書を読み取れません。
fault-trust-bad-signature = { $host } の証明書の署名が正しくありません。
fault-trust-wrong-purpose = { $host } の証明書はサーバー用ではありません。
fault-trust-unacceptable = { $host } の証明書を受け入れられません。

fault-clock-before-build = このコンピューターの時計が正しくありません。ずっと過去の時刻を示しています。
fault-clock-behind = このコンピューターの時計が遅れています。
fault-clock-differs = このコンピューターの時計とサービスの時計が一致していません。

## 障害: 失効の確認

fault-revocation-revoked = { $host } の証明書は取り消されています。この接続は安全ではありません。
fault-revocation-status-unknown = 認証局は { $host } の証明書を認識していません。この接続は安全でない可能性があります。
fault-revocation-stale = { $host } の証明書が取り消されていないか確認できません。回答が古いか、このコンピューターの時計が正しくありません。
fault-revocation-wrong-answer = { $host } の証明書が取り消されていないか確認できません。回答が信頼できません。
fault-revocation-unreachable = { $host } の証明書が取り消されていないか確認できません。問い合わせ先に接続できません: { $hosts }
fault-revocation-no-information = { $host } の証明書が取り消されていないか確認できません。証明書に問い合わせ先がありません。
fault-revocation-must-staple-missing = { $host } は、証明書が求める有効性の証明を示しませんでした。
## 障害: プロキシの選択

fault-proxy-store = このコンピューターのプロキシ設定を読み取れません: { $place }
fault-proxy-no-usable-server = このコンピューターのプロキシ設定に、使えるプロキシがありません: { $place }
fault-proxy-pac-engine-missing = このコンピューターのプロキシ設定はスクリプトを指定していますが、このプログラムは実行できません: { $place }
fault-proxy-pac = プロキシを選ぶスクリプトから答えが得られません: { $place }
fault-proxy-wpad-disabled = プロキシの自動検出はポリシーで禁止されています: { $place }
fault-proxy-wpad-untrusted = プロキシを選ぶスクリプトが、このネットワークの外にあります: { $host }
fault-proxy-host-invalid = サービスのアドレスが正しくありません。

## Faults: the proxy

fault-proxy-unreachable = プロキシ { $proxy } に接続できません。
fault-proxy-tls = プロキシ { $proxy } との安全な接続を確立できません。
fault-proxy-all-failed = インターネットへの { $count } 通りの経路がどれも使えません。
fault-proxy-closed = プロキシ { $proxy } が接続を切りました。
fault-proxy-timed-out = プロキシ { $proxy } の応答に時間がかかりすぎています。
fault-proxy-protocol-mismatch = プロキシ { $proxy } の通信方式が設定と異なります。
fault-proxy-malformed = プロキシ { $proxy } の応答を読み取れません。
fault-proxy-too-large = プロキシ { $proxy } の応答が大きすぎます。
fault-proxy-socks = プロキシ { $proxy } が接続を開けませんでした。
fault-proxy-refused = プロキシ { $proxy } がこの接続を通しません (状態コード { $status })。
fault-proxy-captive-portal = このネットワークでは、先に専用のページでサインインする必要があります: { $proxy }
fault-proxy-tunnel-not-tls = プロキシ { $proxy } が { $host } の代わりに別のものを返しました。
fault-proxy-unexpected-tunnel-data = プロキシ { $proxy } が接続に介入しました。
fault-proxy-no-challenge = プロキシ { $proxy } は認証を求めていますが、方式を示していません。
fault-proxy-no-acceptable-scheme = プロキシ { $proxy } が求める認証方式は、このコンピューターでは使えません。
fault-proxy-basic-refused-plaintext = プロキシ { $proxy } は、第三者に読み取られるおそれのある形でパスワードを求めています。送信していません。
fault-proxy-credentials-missing = プロキシ { $proxy } は認証を求めていますが、このコンピューターには資格情報がありません。
fault-proxy-credential-scope-denied = プロキシ { $proxy } は認証を求めていますが、資格情報を送ってよい相手に含まれていません。
fault-proxy-credentials-unusable = プロキシ { $proxy } の資格情報に、送信できない文字が含まれています。
fault-proxy-credentials-rejected = プロキシ { $proxy } が認証を拒否しました。
fault-proxy-closed-during-auth = プロキシ { $proxy } が認証の途中で接続を切りました。
fault-proxy-auth-loop = プロキシ { $proxy } が認証を何度も求めています。
fault-proxy-digest-unsupported = プロキシ { $proxy } が求める認証の種類には対応していません。
fault-proxy-ntlm-challenge = プロキシ { $proxy } から届いた認証の要求は使えません。
fault-proxy-kerberos = このコンピューターは、プロキシ { $proxy } に対して本人確認ができませんでした。

## 障害: Web ビューのゲートウェイ

fault-gateway-host-not-allowed = ページが { $host } に接続しようとしましたが、ここでは許可されていません。
fault-gateway-port-not-allowed = ページが { $host } に通常と異なる方法 (ポート { $port }) で接続しようとしましたが、ここでは許可されていません。
fault-gateway-address-not-allowed = ページが名前ではなくアドレス { $address } に接続しようとしました。ここでは許可されていません。
fault-gateway-private-address = ネットワークの応答では、{ $host } はこのネットワーク内 ({ $address }) にあります。本来はありえません。
fault-gateway-way-changes = { $host } への経路が接続のたびに変わります。
fault-gateway-foreign-process = このコンピューターの別のプログラムがこのページの接続を使おうとしたため、拒否しました。
fault-gateway-unknown-process = 確認できないプログラムがこのページの接続を使おうとしたため、拒否しました。
fault-gateway-wrong-token = 誤ったパスワードでこのページの接続を使おうとしたプログラムがあったため、拒否しました。
fault-gateway-method-not-allowed = ページが暗号化されていない接続を求めましたが、ここでは許可されていません。
fault-gateway-malformed = このページのブラウザーから読み取れない要求が送られました。
fault-gateway-head-too-large = このページのブラウザーから大きすぎる要求が送られました。
fault-gateway-head-timed-out = このページのブラウザーの要求が最後まで届きませんでした。
fault-gateway-too-many-tunnels = このページが開いている接続が多すぎます。
fault-gateway-traffic-limit = このページの通信量が上限を超えました。

## 障害: 通信

fault-closed = { $host } が途中で接続を切りました。
fault-timed-out = { $host } の応答に時間がかかりすぎました。
fault-not-http = { $host } への経路の途中から、意味のわからない応答がありました。
fault-encoded = { $host } の応答は、ここでは受け付けられない形式です。
fault-head-too-large = { $host } から送られたヘッダーが多すぎます。
fault-too-large = { $host } から送られた応答が大きすぎます。
fault-exchange-failed = { $host } との通信に失敗しました。
fault-throttled = サービスから、しばらく待つように求められています。
fault-service-unavailable = サービスは現在利用できません (状態 { $status })。
fault-cookies-refused = サービスに Cookie が届きませんでした。最初からやり直してください。
fault-writeback-unavailable = サービスが現在、組織のディレクトリに接続できません ({ $code })。
fault-redirect-refused = 経路の途中で別のページに誘導されました (状態 { $status })。
fault-unexpected-status = サービスから予期しない応答がありました (状態 { $status })。
fault-unexpected-content-type = サービスの応答の代わりにページが返されました (状態 { $status })。

## 障害: プロトコル

fault-unreadable = サービスの応答を読み取れません (状態 { $status })。
fault-missing-field = サービスの応答に足りないものがあります: { $field }
fault-invalid-field = サービスの応答に使えない値があります: { $field }
fault-unknown-word = サービスの応答に未知の値があります: { $field } = { $word }
fault-link-refused = サービスの応答が、送信してはならない場所を指しています: { $host }
fault-no-methods = サービスから本人確認の方法が提示されませんでした。
fault-temporarily-refused = サービスは現在この操作を行えません ({ $code })。
fault-refused = サービスが要求を拒否しました ({ $code })。

## 障害: アカウントと入力

fault-account-not-found = この名前のアカウントはありません。
fault-nothing-to-reset = このアカウントにはパスワードがありません。
fault-contact-refused = 登録されている宛先にはコードを送信できません ({ $code })。
fault-misuse = このプログラムは、今はできないことを要求しました。
fault-invalid-username = ユーザー名として使えません。

## 対処

remedy-correct-input = 入力を直して、もう一度お試しください。
remedy-try-again = もう一度お試しください。
remedy-try-later = しばらく待ってから、もう一度お試しください。
remedy-connect-network = コンピューターをネットワークに接続してから、もう一度お試しください。
remedy-set-clock = このコンピューターの時計を合わせてください。時計が正しい場合は、証明書の更新が必要です。
remedy-use-browser = 代わりに Web ページを使ってください。
remedy-ask-help-desk = パスワードのリセットをヘルプデスクに依頼してください。
remedy-open-firewall = 表示されているホストへの接続をネットワークで許可してください。
remedy-correct-host-name = ホスト名と、このコンピューターの DNS サーバーを確認してください。
remedy-exempt-from-inspection = 表示されているホストを検査の対象から外すか、検査用の認証局を設定してください。
remedy-raise-tls = サーバーまたはその手前の機器で TLS 1.2 または 1.3 を有効にしてください。
remedy-correct-proxy-settings = このコンピューターのプロキシ設定、またはネットワークのスクリプトを直してください。
remedy-correct-proxy-login = このコンピューターにプロキシの資格情報を与えるか、認証なしで通れるようにしてください。
remedy-correct-certificate = 表示されているホストの証明書を更新または修正してください。
remedy-allow-host = 表示されているホストを、リセット ページが利用できるホストに追加してください。
remedy-enable-native-authentication = アプリケーションのネイティブ認証とセルフサービス パスワード リセットを有効にしてください。
remedy-correct-settings = このプログラムの設定を直してください。
remedy-report-answer = このプログラムの提供元に連絡してください。
remedy-enable-reset-link = ポリシーまたはデバイス管理でリンクを有効にしてください。
remedy-correct-registry-value = 文書に載っている種類と値で書き直してください。
remedy-look-with-more-rights = 読み取る権限を持つ人が、そのコンピューターで確認してください。
remedy-check-by-hand = 手作業で確認してください。
remedy-relax-policy = この値を設定しているポリシーを変更するか、Windows 以外のプログラムでパスワードをリセットしてください。
remedy-restore-shell = シェルをエクスプローラーに戻してください。
remedy-update-windows = Windows をバージョン 1803 以降に更新してください。
remedy-change-edition = Windows の Pro、Enterprise、Education のいずれかに変更してください。
remedy-join-computer = コンピューターをクラウドにある組織のディレクトリに参加させてください。
remedy-reach-domain-controller = コンピューターを組織のネットワーク、または組織に届く VPN に接続してください。
remedy-try-without-credential-provider = このサインイン方法を外して試し、提供元に問い合わせてください。
remedy-sit-at-computer = コンピューターを直接操作してパスワードをリセットしてください。
remedy-use-machine-authentication = ユーザーではなくコンピューターをネットワークで認証してください。
remedy-enable-tls12 = Windows の TLS 1.2 を有効にしてください。
remedy-install-add-in = この Windows 用のアドインをインストールしてください。
remedy-remove-add-in = アドインを削除してください。
remedy-end-verbose-log = ログが不要になったら EnableLogging を 0 に戻してください。
remedy-remove-left-over-profiles = 残っているプロファイルを削除してください。

who-person = ご自身で対処できます。
who-help-desk = ヘルプデスクが対処できます。
who-administrator = 管理者が対処できます。
who-developer = プログラムの提供元が対処できます。

## 経路の段階

stage-configuration = 設定
stage-machine = このコンピューターの構成
stage-network = ネットワーク
stage-proxy-resolution = プロキシの選択
stage-proxy = プロキシ
stage-dns = 名前の検索
stage-connect = 接続
stage-tls = 暗号化
stage-trust = 証明書
stage-revocation = 失効の確認
stage-http = サービスとの通信
stage-protocol = サービスの応答
stage-account = アカウント
stage-local = このコンピューター

## このコンピューター

readiness-link-not-enabled = Windows のサインイン画面で、パスワード リセットのリンクが有効になっていません。
readiness-link-disputed = パスワード リセットのリンクについて、有効にする設定と無効にする設定があります。
readiness-unreadable = この設定は、本来の形式で読み取れません: { $place }
readiness-unknown-content = この設定の値は、どの文書にも載っていません: { $place }
readiness-too-many-entries = 項目が { $limit } 個より多いため、残りは確認していません: { $place }
readiness-not-told = 確認できませんでした: { $place }
readiness-to-check-by-hand = 手作業でしか確認できません: { $place }
readiness-windows-too-old = この Windows は古いため、パスワード リセットのリンクがありません。
readiness-home-edition = Windows の Home エディションには、パスワード リセットのリンクがありません。
readiness-other-edition = このエディションの Windows にパスワード リセットのリンクがあるかどうかはわかりません。
readiness-joined-to-domain-only = このコンピューターはドメインにだけ参加しており、クラウドにある組織のディレクトリには参加していません。
readiness-not-joined = このコンピューターは組織に参加していません。
readiness-join-key-empty = 組織への参加を記録する場所はありますが、記録がありません。
readiness-several-joins = このコンピューターには、組織への参加の記録が { $count } 件あります。
readiness-join-disputed = このコンピューターの参加先について、レジストリとシステムの答えが違います。
readiness-domain-controller-needed = このコンピューターで新しいパスワードを使うには、先に組織のネットワークに接続する必要があります。
readiness-lock-screen-notifications-off = ロック画面の通知がオフになっています。
readiness-user-switching-hidden = ユーザーの切り替えが非表示になっています。
readiness-last-user-hidden = 最後にサインインしたユーザーの名前が非表示になっています。
readiness-no-lock-screen = ロック画面がオフになっています。
readiness-app-install-blocked = パッケージ アプリをインストールできるのは管理者だけです。
readiness-lost-mode = このコンピューターは紛失したものとして扱われています。
readiness-smart-card-required = サインインにスマート カードが必要です。
readiness-uac-off = ユーザー アカウント制御がオフになっています。
readiness-three-together = 3 つの設定の組み合わせが妨げになっています: Ctrl+Alt+Del の要求、ロック画面の通知オフ、Home エディション。
readiness-custom-shell = エクスプローラーの代わりに別のプログラムが設定されています。
readiness-shell-unnamed = エクスプローラーを設定する場所が空になっています。
readiness-foreign-credential-provider = Windows に付属していないサインイン方法が妨げになる可能性があります: { $name }
readiness-unknown-credential-provider = Windows に付属しているかどうか不明なサインイン方法があります: { $name }
readiness-remote-session = このコンピューターは別のコンピューターから操作されています。
readiness-network-waits-for-user = ネットワーク { $profile } は、サインインするまで使えません。
readiness-tls12-off = Windows の TLS 1.2 がオフになっています。
readiness-tls12-not-by-default = Windows は、要求するプログラムにだけ TLS 1.2 を使います。
readiness-tls12-not-enabled = この Windows で必要な TLS 1.2 が、明示的に有効にされていません。
readiness-winhttp-without-tls12 = Windows の HTTP サービスは TLS 1.2 を使いません。
readiness-add-in-missing = パスワード リセットのアドインがインストールされていません。
readiness-add-in-left-over = 古いバージョンの Windows 用のアドインが残っています。
readiness-add-in-logging = パスワード リセットのアドインが詳細ログを書き込んでいます。
readiness-left-over-profiles = Windows の一時アカウントのプロファイルが { $count } 個残っています。Microsoft は無害としていますが、多く残るとリセットできなくなるという報告があります。
readiness-clock-wrong = このコンピューターの時計は、ずっと前の時刻を示しています。

effect-blocks-built-in = Windows に組み込まれたリセット機能だけに関係します。
effect-blocks-all = 解決するまで、ここではパスワードをリセットできません。
effect-afterwards = パスワードをリセットした後にだけ関係します。
effect-remark = 参考情報です。

screen-ready = ここでパスワードをリセットできます。
screen-perhaps-not-ready = ここでパスワードのリセットを試すことができます。できない場合は、ヘルプデスクに問い合わせてください。
screen-not-ready = 現在、このコンピューターではパスワードをリセットできません。ヘルプデスクに問い合わせてください。
screen-needs-organisation = ここでパスワードをリセットできます。その後、サインインするには、このコンピューターを組織のネットワークに接続してください。

## プロキシ設定

proxy-finding-unreadable = このプロキシ設定を読み取れません: { $place }
proxy-finding-set-but-ignored = { $because ->
    [store-before] 優先される設定がほかにあるため、このプロキシ設定は使われません: { $place }
    [per-machine-policy] コンピューター全体の設定だけが有効なため、このプロキシ設定は使われません: { $place }
    [per-user-policy] コンピューター全体の設定が無効なため、このプロキシ設定は使われません: { $place }
    [switched-off] このプロキシ設定は保存されていますが、オフになっています: { $place }
    [not-read-by-windows] Windows はこのプロキシ設定を参照しません: { $place }
    [stale] ファイルの内容が古い可能性があるため、このプロキシ設定は使われません: { $place }
   *[other] このプログラムは、このプロキシ設定を使いません: { $place }
}
proxy-finding-store-disagreement = 2 つのプロキシ設定が矛盾しています。有効な設定: { $place }
proxy-finding-per-machine-empty = コンピューター全体のプロキシ設定だけが有効ですが、設定がありません。
proxy-finding-unknown-policy-value = このポリシーの値は、どの文書にも載っていません: { $place }
proxy-finding-enabled-without-server = プロキシがオンになっていますが、サーバーが指定されていません: { $place }
proxy-finding-server-refused = このプロキシ設定に使えない部分があります ({ $part }): { $place }
proxy-finding-bypass-entry-refused = プロキシの例外に使えないものがあります ({ $part }): { $place }
proxy-finding-bypass-list-too-long = プロキシの例外のうち、最後の { $count } 件は読み取っていません: { $place }
proxy-finding-auto-detect-not-asked-for = プロキシの自動検出がオンになっていますが、このプログラムは自動検出を行いません。
proxy-finding-wpad-disabled = プロキシの自動検出はポリシーで禁止されています: { $place }
proxy-finding-no-server-for-scheme = この種類のアドレスに使うプロキシが設定されていません: { $scheme }
proxy-finding-bypassed = プロキシ設定では、{ $host } にプロキシを使わないことになっています。
proxy-finding-manual-instead-of-script = プロキシを選ぶスクリプトから答えが得られないため、手動で設定されたプロキシを使います。
proxy-finding-captive-portal-suspected = プロキシを選ぶスクリプトの代わりにページが返されました。このネットワークでは、先に専用のページでサインインする必要があるかもしれません。
proxy-finding-script-part-dropped = プロキシを選ぶスクリプトの答えに、使えない部分があります: { $part }
proxy-finding-cgi-hazard = 外部からの要求で設定された可能性があるため、この環境変数は使いません: { $variable }
proxy-finding-stored-credentials-ignored = プロキシと一緒にユーザー名とパスワードが保存されていますが、使いません: { $place }

## 障害を伝えるページ

page-title = ページを開けません
page-stage = 場所
page-cause = 内容
page-remedy = 対処方法
page-correlation = ヘルプデスク用

## 診断

verdict-ok = パスワードのリセットを妨げるものはありません。
verdict-degraded = パスワードはリセットできますが、直すべき点があります。
verdict-blocked = パスワードをリセットできません。妨げているものがあります。
sign-captive-portal = このネットワークを使うには、先に専用のページでサインインする必要があります。
sign-inspection = 途中で、暗号化された通信を開いて検査しているものがあります。
sign-proxy-wants-login = プロキシがログインを求めています。
sign-clock-suspect = このコンピューターの時計が正しくない可能性があります。
sign-revocation-blocked = 証明書が失効していないかどうかを確認できません。
sign-mixed-answers = 接続できるサーバーと接続できないサーバーがあります。
report-problems = 妨げているもの:
report-what-to-do = 対処方法:
report-concerns = 接続先:
report-way = 接続の経路:
