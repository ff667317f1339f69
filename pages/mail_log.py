"""Mail in the log, for a site without a mail server: as people read it, without the bytes of attachments."""

from django.core.mail.backends import console


class EmailBackend(console.EmailBackend):
    def write_message(self, message):
        lines = [f"From: {message.from_email}", f"To: {', '.join(message.to)}", f"Subject: {message.subject}"]
        lines += [f"{name}: {value}" for name, value in message.extra_headers.items()]
        lines += ["", message.body]
        lines += [f"[{name}: {kind}, {len(content)} bytes]" for name, content, kind in message.attachments]
        self.stream.write("\n".join([*lines, "-" * 79, ""]))
