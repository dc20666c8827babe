from environment import ClientTest


class Tables(ClientTest):
    def test_a_table_is_described_by_its_name(self):
        table = self.client.tables.get("Account")
        self.assertEqual(
            (table["table_logical_name"], table["entity_set_name"], table["primary_id_attribute"]),
            ("account", "accounts", "accountid"),
        )
        self.assertEqual(len(table["metadata_id"]), 36)

    def test_a_table_that_is_not_there_is_none(self):
        self.assertIsNone(self.client.tables.get("new_Nothing"))

    def test_tables_are_listed_and_filtered(self):
        all_tables = {table["LogicalName"] for table in self.client.tables.list()}
        self.assertLessEqual({"account", "contact", "adx_webrole", "systemuser"}, all_tables)
        found = self.client.tables.list(filter="SchemaName eq 'Account'", select=["LogicalName", "EntitySetName"])
        self.assertEqual([(table["LogicalName"], table["EntitySetName"]) for table in found], [("account", "accounts")])

    def test_alternate_keys_name_their_columns(self):
        keys = self.client.tables.get_alternate_keys("account")
        self.assertEqual([(key.schema_name, key.key_attributes) for key in keys], [("new_AccountNumber", ["accountnumber"])])

    def test_columns_come_with_what_their_type_has(self):
        columns = {column["LogicalName"]: column for column in self.client.tables.list_columns("account", typed=True)}
        self.assertEqual((columns["name"]["AttributeType"], columns["name"]["MaxLength"]), ("String", 160))
        self.assertEqual(columns["new_file"]["AttributeTypeName"]["Value"], "FileType")
