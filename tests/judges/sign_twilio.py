"""Signs webhooks with Twilio's official SDK, so that our check is judged by their signer.

Standard input: [{"token", "url", "params": [[name, value], ...]} or {"token", "url", "body"}].
Standard output: [{"url", "signature"}], for a raw body with bodySHA256 in the URL.
"""

import hashlib
import json
import sys

from twilio.request_validator import RequestValidator


class Params(dict):
    """Repeated names, in the manner of the web frameworks that the SDK knows."""

    def __init__(self, pairs):
        super().__init__()
        for name, value in pairs:
            self.setdefault(name, []).append(value)

    def getall(self, name):
        return self[name]


def signed(webhook):
    validator = RequestValidator(webhook["token"])
    url = webhook["url"]
    if "body" in webhook:
        digest = hashlib.sha256(webhook["body"].encode()).hexdigest()
        url += ("&" if "?" in url else "?") + "bodySHA256=" + digest
        signature = validator.compute_signature(url, {})
        assert validator.validate(url, webhook["body"], signature)
    else:
        params = Params(webhook["params"])
        signature = validator.compute_signature(url, params)
        assert validator.validate(url, params, signature)
    return {"url": url, "signature": signature}


json.dump([signed(webhook) for webhook in json.load(sys.stdin)], sys.stdout)
