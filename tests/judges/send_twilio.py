"""Sends and lists texts with Twilio's official client, its HTTP client pointed at our double.

Standard input: {"base", "account", "token", "messages": [arguments of messages.create, ...], "list_to"}.
Standard output: {"sent": [{"sid", "status", "num_segments"}], "listed": [{"sid", "body", "status", "date_created"}],
"requests": [{"method", "path", "authorization", "data"}]}: what the official client asked, to compare ours with.
"""

import json
import sys

from twilio.base.exceptions import TwilioRestException
from twilio.http.http_client import TwilioHttpClient
from twilio.rest import Client

OFFICIAL = "https://api.twilio.com"


class ToDouble(TwilioHttpClient):
    """Carries every request to the double, and remembers it."""

    def __init__(self, base):
        super().__init__(pool_connections=False)
        self.base = base
        self.requests = []

    def request(self, method, url, params=None, data=None, headers=None, auth=None, **rest):
        assert url.startswith(OFFICIAL), url
        path = url[len(OFFICIAL) :]
        self.requests.append({"method": method, "path": path, "authorization": auth, "data": data})
        return super().request(
            method, self.base + path, params=params, data=data, headers=headers, auth=auth, **rest
        )


def main():
    asked = json.load(sys.stdin)
    http = ToDouble(asked["base"])
    client = Client(asked["account"], asked["token"], http_client=http)
    sent, refused = [], []
    for arguments in asked["messages"]:
        try:
            message = client.messages.create(**arguments)
            sent.append(
                {"sid": message.sid, "status": str(message.status), "num_segments": message.num_segments}
            )
        except TwilioRestException as error:
            refused.append({"status": error.status, "code": error.code})
    listed = [
        {
            "sid": message.sid,
            "body": message.body,
            "status": str(message.status),
            "date_created": message.date_created.isoformat(),
        }
        for message in client.messages.list(to=asked["list_to"], page_size=2)
    ]
    json.dump({"sent": sent, "refused": refused, "listed": listed, "requests": http.requests}, sys.stdout)


main()
