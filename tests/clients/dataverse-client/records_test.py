import time

from environment import MISSING, URL, ClientTest

from PowerPlatform.Dataverse.models.upsert import UpsertItem

FORMATTED = "OData.Community.Display.V1.FormattedValue"


class Records(ClientTest):
    def test_a_created_record_is_read_back_by_its_id(self):
        id = self.client.records.create("account", {"name": self.mark})
        row = self.client.records.retrieve("account", id, select=["name", "accountid"])
        self.assertEqual((row["name"], row["accountid"]), (self.mark, id))
        self.assertEqual(set(self.credential.scopes), {f"{URL}/.default"})

    def test_a_record_that_is_not_there_is_none(self):
        self.assertIsNone(self.client.records.retrieve("account", MISSING, select=["name"]))

    def test_an_update_changes_what_it_names(self):
        id = self.client.records.create("account", {"name": "before", "telephone1": "1"})
        self.client.records.update("account", id, {"name": "after"})
        row = self.client.records.retrieve("account", id, select=["name", "telephone1"])
        self.assertEqual((row["name"], row["telephone1"]), ("after", "1"))

    def test_an_update_of_a_record_that_is_not_there_is_refused(self):
        message = self.refused(
            404, "0x80040217", self.client.records.update, "account", MISSING, {"name": "x"}
        )
        self.assertIn(f"With Id = {MISSING} Does Not Exist", message)

    def test_a_deleted_record_is_gone(self):
        id = self.client.records.create("account", {"name": "x"})
        self.client.records.delete("account", id)
        self.assertIsNone(self.client.records.retrieve("account", id, select=["name"]))

    def test_a_label_becomes_the_value_that_the_metadata_gives_it(self):
        id = self.client.records.create("account", {"name": "x", "customertypecode": "Customer"})
        row = self.client.records.retrieve(
            "account", id, select=["customertypecode"], include_annotations=FORMATTED
        )
        self.assertEqual((row["customertypecode"], row[f"customertypecode@{FORMATTED}"]), (3, "Customer"))

    def test_a_property_there_is_not_is_refused(self):
        message = self.refused(400, "0x0", self.client.records.create, "account", {"nome": "x"})
        self.assertIn("Invalid property 'nome' was found in entity 'Microsoft.Dynamics.CRM.account'", message)

    def test_a_text_that_is_too_long_is_refused(self):
        message = self.refused(
            400, "0x80044331", self.client.records.create, "account", {"name": "x" * 161}
        )
        self.assertIn("The length of the 'name' attribute of the 'account' entity exceeded", message)


class Bulk(ClientTest):
    def test_many_records_are_created_in_one_request(self):
        ids = self.create_accounts(3)
        self.assertEqual(len(set(ids)), 3)
        second = self.client.records.retrieve("account", ids[1], select=["name"])
        self.assertEqual(second["name"], f"{self.mark} 2")

    def test_one_refused_record_keeps_all_from_being_created(self):
        records = [{"name": f"{self.mark} 1"}, {"name": f"{self.mark} 2" + "x" * 160}]
        self.refused(400, "0x80044331", self.client.records.create, "account", records)
        self.assertEqual(self.names(), [])

    def test_many_records_are_updated_in_one_request(self):
        ids = self.create_accounts(2)
        changes = [{"name": f"{self.mark} b"}, {"name": f"{self.mark} a"}]
        self.client.records.update("account", ids, changes)
        self.assertEqual(self.names(), [f"{self.mark} a", f"{self.mark} b"])

    def test_one_missing_record_keeps_all_from_being_updated(self):
        ids = self.create_accounts(1) + [MISSING]
        self.refused(404, "0x80040217", self.client.records.update, "account", ids, {"name": "lost"})
        self.assertEqual(self.names(), [f"{self.mark} 1"])

    def upsert(self, names):
        items = [
            UpsertItem(alternate_key={"accountnumber": f"{self.mark}{number}"}, record={"name": name})
            for number, name in enumerate(names, 1)
        ]
        self.client.records.upsert("account", items)

    def test_an_upsert_by_alternate_key_creates_and_then_updates(self):
        self.upsert([f"{self.mark} first"])
        self.upsert([f"{self.mark} second"])
        self.assertEqual(self.names(), [f"{self.mark} second"])

    def test_many_upserts_by_alternate_key_go_in_one_request(self):
        self.upsert([f"{self.mark} a"])
        self.upsert([f"{self.mark} b", f"{self.mark} c"])
        self.assertEqual(self.names(), [f"{self.mark} b", f"{self.mark} c"])
        rows = self.client.records.list("account", select=["name"], filter=f"accountnumber eq '{self.mark}2'")
        self.assertEqual([row["name"] for row in rows], [f"{self.mark} c"])

    def test_many_records_are_deleted_by_a_job(self):
        ids = self.create_accounts(3)
        job = self.client.records.delete("account", ids[:2])
        self.assertEqual(len(self.names()), 3)
        done = self.completed(job)
        self.assertEqual((done["operationtype"], done["statuscode"]), (13, 30))
        self.assertTrue(done["name"].startswith("Bulk delete account records @ "), done["name"])
        self.assertEqual(self.names(), [f"{self.mark} 3"])

    def completed(self, job):
        """The row of a job once it is completed; jobs take some seconds."""
        columns = ["name", "operationtype", "statecode", "statuscode"]
        end = time.monotonic() + 60
        while time.monotonic() < end:
            row = self.client.records.retrieve("asyncoperation", job, select=columns)
            if row["statecode"] == 3:
                return row
            time.sleep(1)
        self.fail(f"The job {job} does not end.")
