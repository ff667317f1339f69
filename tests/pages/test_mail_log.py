"""Mail in the log of a site without a mail server."""

from django.core.mail import EmailMessage

from pages.mail_log import EmailBackend


def test_mail_is_printed_as_people_read_it_without_the_bytes_of_files(capsys):
    mail = EmailMessage(
        "Año 2027",
        "First line\nSecond — and last\n",
        '"Test, Association" <office@example.org>',
        ["jane@example.org"],
        headers={"Reply-To": "joe@example.org"},
        attachments=[("plan.pdf", b"\xff" * 5000, "application/pdf")],
    )
    EmailBackend().send_messages([mail])
    assert capsys.readouterr().out == (
        'From: "Test, Association" <office@example.org>\n'
        "To: jane@example.org\n"
        "Subject: Año 2027\n"
        "Reply-To: joe@example.org\n"
        "\n"
        "First line\nSecond — and last\n\n"
        "[plan.pdf: application/pdf, 5000 bytes]\n"
        f"{'-' * 79}\n"
    )
