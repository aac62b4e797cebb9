"""The citizens' pages. No address holds a NIK, a number or a PIN; that of a QR holds a token that can be revoked."""

from django.urls import path

from objections.public import begun, by_phone, filing, help, listen, on_list, own_case, telling, views

app_name = "public"
urlpatterns = [
    path("", views.Home.as_view(), name="home"),
    path("sanggah/", filing.Identity.as_view(), name="identity"),
    path("sanggah/alasan/", filing.Reasons.as_view(), name="reasons"),
    path("sanggah/cerita/", filing.Story.as_view(), name="story"),
    path("sanggah/foto/", filing.Photos.as_view(), name="photos"),
    path("sanggah/kabar/", filing.Contact.as_view(), name="contact"),
    path("sanggah/periksa/", filing.Check.as_view(), name="check"),
    path("sanggah/tanda-terima/", filing.Receipt.as_view(), name="receipt"),
    path("sanggah/batal/", filing.Cancel.as_view(), name="cancel"),
    path("tunggu/", views.Wait.as_view(), name="wait"),
    path("belum-terkirim/", views.Lost.as_view(), name="lost"),
    path("status/", views.Status.as_view(), name="status"),
    path("status/sanggahan/", own_case.Case.as_view(), name="case"),
    path("status/tambah/", own_case.Add.as_view(), name="add"),
    path("status/cabut/", own_case.Withdraw.as_view(), name="withdraw"),
    path("status/periksa-ulang/", own_case.AskAgain.as_view(), name="ask_again"),
    path("status/matikan-qr/", own_case.StopQr.as_view(), name="stop_qr"),
    path("status/kabar/", telling.Telling.as_view(), name="telling"),
    path("status/kabar/pin/", telling.WithPinFirst.as_view(), name="telling_pin"),
    path("bpjs/", begun.Urgent.as_view(), name="urgent"),
    path("lapor/", begun.Report.as_view(), name="report"),
    path("q/<str:token>/", views.ByQr.as_view(), name="qr"),  # not logged by the front server
    path("kode/", views.Code.as_view(), name="code"),
    path("kode/hp/", by_phone.ByPhone.as_view(), name="by_phone"),
    path("kode/hp/kirim/", by_phone.SendCode.as_view(), name="phone_code"),
    path("kode/hp/ketik/", by_phone.TypeCode.as_view(), name="phone_typed"),
    path("kode/keluarga/", views.OwnFamily.as_view(), name="family"),
    path("kode/keluarga/hp/", by_phone.EndPhone.as_view(), name="end_phone"),
    path("daftar/", on_list.OnList.as_view(), name="on_list"),
    path("dengar/<int:pk>/", listen.sound, name="sound"),
    path("selesai/", views.Done.as_view(), name="done"),
    path("privasi/", views.Privacy.as_view(), name="privacy"),
    path("aksesibilitas/", views.Accessibility.as_view(), name="accessibility"),
    path("bantuan/", help.Help.as_view(), name="help"),
    path("bantuan/<str:code>/", help.Near.as_view(), name="near"),
]
