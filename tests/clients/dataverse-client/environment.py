"""The client under test, pointed to the environment that `cargo xtask test` has started."""

import os
import time
import unittest
import uuid

from azure.core.credentials import AccessToken, TokenCredential
from PowerPlatform.Dataverse.client import DataverseClient
from PowerPlatform.Dataverse.core.errors import HttpError

URL = os.environ["DATAVERSE_URL"]
MISSING = "11111111-2222-3333-4444-555555555555"


class AnyToken(TokenCredential):
    """A token for whatever is asked for; what was asked for is kept."""

    def __init__(self):
        self.scopes = []

    def get_token(self, *scopes, **_):
        self.scopes.extend(scopes)
        return AccessToken("any", int(time.time()) + 3600)


class ClientTest(unittest.TestCase):
    """A test with a client of its own and a word that no other test uses."""

    def setUp(self):
        self.credential = AnyToken()
        self.client = DataverseClient(URL, self.credential)
        self.addCleanup(self.client.close)
        self.mark = f"t{uuid.uuid4().hex[:12]}"

    def create_accounts(self, count):
        """Accounts named `mark 1`, `mark 2`, …; their ids in that order."""
        records = [{"name": f"{self.mark} {number}"} for number in range(1, count + 1)]
        return self.client.records.create("account", records)

    def names(self, **more):
        """The names of this test's accounts, in order."""
        rows = self.client.records.list(
            "account", select=["name"], filter=f"startswith(name,'{self.mark}')", orderby=["name"], **more
        )
        return [row["name"] for row in rows]

    def refused(self, status, code, act, *arguments, **named):
        """Does what must be refused; the message."""
        with self.assertRaises(HttpError) as caught:
            act(*arguments, **named)
        error = caught.exception
        self.assertEqual((error.status_code, error.details["service_error_code"]), (status, code))
        return str(error)
