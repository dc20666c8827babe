import tempfile
from pathlib import Path

from environment import ClientTest


class Files(ClientTest):
    def upload(self, account, content, **more):
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "contract.txt"
            path.write_bytes(content)
            self.client.files.upload("account", account, "new_file", str(path), **more)

    def stored(self, account):
        """The file's name and its bytes."""
        row = self.client.records.retrieve("account", account, select=["new_file", "new_file_name"])
        with self.client._scoped_odata() as api:
            answer = api._request("get", f"{api.api}/accounts({account})/new_file/$value")
        return row["new_file_name"], answer.content

    def test_a_small_file_goes_up_in_one_request(self):
        account = self.client.records.create("account", {"name": self.mark})
        self.upload(account, b"hello")
        self.assertEqual(self.stored(account), ("contract.txt", b"hello"))

    def test_a_file_goes_up_in_chunks(self):
        account = self.client.records.create("account", {"name": self.mark})
        content = bytes(range(256)) * 20_000
        self.upload(account, content, mode="chunk")
        self.assertEqual(self.stored(account), ("contract.txt", content))
