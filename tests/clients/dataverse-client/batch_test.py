from environment import MISSING, ClientTest


class Batch(ClientTest):
    def test_requests_run_in_order_and_each_has_its_answer(self):
        id = self.client.records.create("account", {"name": "before"})
        batch = self.client.batch.new()
        batch.records.create("account", {"name": f"{self.mark} 1"})
        batch.records.update("account", id, {"name": f"{self.mark} 2"})
        batch.records.retrieve("account", id, select=["name"])
        result = batch.execute()
        self.assertEqual([response.status_code for response in result.responses], [204, 204, 200])
        self.assertEqual(result.responses[2].data["name"], f"{self.mark} 2")
        self.assertEqual(self.names(), [f"{self.mark} 1", f"{self.mark} 2"])

    def test_a_change_set_names_its_own_records(self):
        batch = self.client.batch.new()
        with batch.changeset() as changes:
            account = changes.records.create("account", {"name": self.mark})
            changes.records.create("contact", {"lastname": "Ng", "parentcustomerid_account@odata.bind": account})
        result = batch.execute()
        self.assertFalse(result.has_errors)
        account, contact = result.entity_ids
        row = self.client.records.retrieve("contact", contact, select=["_parentcustomerid_value"])
        self.assertEqual(row["_parentcustomerid_value"], account)

    def test_a_refused_change_set_is_taken_back_and_the_batch_goes_on(self):
        batch = self.client.batch.new()
        with batch.changeset() as changes:
            changes.records.create("account", {"name": f"{self.mark} lost"})
            changes.records.update("account", MISSING, {"name": "x"})
        batch.records.create("account", {"name": f"{self.mark} kept"})
        result = batch.execute(continue_on_error=True)
        self.assertEqual([response.status_code for response in result.responses], [404, 204])
        self.assertEqual(result.responses[0].error_code, "0x80040217")
        self.assertEqual(self.names(), [f"{self.mark} kept"])

    def test_a_refusal_ends_a_batch_that_is_not_to_go_on(self):
        batch = self.client.batch.new()
        batch.records.update("account", MISSING, {"name": "x"})
        batch.records.create("account", {"name": self.mark})
        result = batch.execute()
        self.assertEqual([response.status_code for response in result.responses], [404])
        self.assertEqual(self.names(), [])
