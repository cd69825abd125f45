"""An SMTP sink that keeps what it is sent."""

import email
import time
from email import policy
from email.message import EmailMessage

from aiosmtpd.controller import Controller

from tests.support.services import free_port


class MailSink:
    """A real SMTP server on a free port of this machine."""

    def __init__(self) -> None:
        self.received: list[tuple[str, EmailMessage]] = []
        self.port = free_port()
        self._controller = Controller(self, hostname="127.0.0.1", port=self.port)

    async def handle_DATA(self, server, session, envelope) -> str:
        message = email.message_from_bytes(envelope.content, policy=policy.default)
        self.received.extend((address, message) for address in envelope.rcpt_tos)
        return "250 kept"

    def start(self) -> None:
        self._controller.start()

    def stop(self) -> None:
        self._controller.stop(no_assert=True)

    def to(self, address: str) -> list[EmailMessage]:
        return [message for receiver, message in self.received if receiver == address]

    def wait_for(self, to: str, subject: str = "", seconds: float = 20) -> EmailMessage:
        """The newest message to ``to`` with ``subject`` in its subject. Errors: TimeoutError."""
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            for message in reversed(self.to(to)):
                if subject in message["Subject"]:
                    return message
            time.sleep(0.1)
        seen = [str(message["Subject"]) for _, message in self.received]
        raise TimeoutError(f"no mail to {to} with “{subject}”; seen: {seen}")
