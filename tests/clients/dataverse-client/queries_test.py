from environment import ClientTest


class Queries(ClientTest):
    def test_pages_follow_each_other_until_all_rows_are_there(self):
        self.create_accounts(5)
        pages = self.client.records.list_pages(
            "account",
            select=["name"],
            filter=f"startswith(name,'{self.mark}')",
            orderby=["name desc"],
            page_size=2,
        )
        numbers = [[int(row["name"].split()[1]) for row in page] for page in pages]
        self.assertEqual(numbers, [[5, 4], [3, 2], [1]])

    def test_top_ends_a_list(self):
        self.create_accounts(3)
        self.assertEqual(self.names(top=2), [f"{self.mark} 1", f"{self.mark} 2"])

    def test_a_lookup_is_expanded(self):
        contact = self.client.records.create("contact", {"lastname": self.mark})
        account = self.client.records.create(
            "account", {"name": "x", "primarycontactid@odata.bind": f"/contacts({contact})"}
        )
        row = self.client.records.retrieve("account", account, select=["name"], expand=["primarycontactid"])
        self.assertEqual(row["primarycontactid"]["lastname"], self.mark)

    def fetch(self, count):
        return self.client.query.fetchxml(
            f"""<fetch count="{count}"><entity name="account"><attribute name="name"/><order attribute="name"/>
            <filter><condition attribute="name" operator="like" value="{self.mark}%"/></filter></entity></fetch>"""
        )

    def test_fetchxml_goes_from_page_to_page_by_the_cookie(self):
        self.create_accounts(5)
        pages = [[row["name"].split()[1] for row in page] for page in self.fetch(2).execute_pages()]
        self.assertEqual(pages, [["1", "2"], ["3", "4"], ["5"]])

    def test_fetchxml_in_one_page_needs_no_cookie(self):
        self.create_accounts(2)
        self.assertEqual(len(list(self.fetch(50).execute_pages())), 1)

    def test_sql_selects_rows(self):
        self.create_accounts(3)
        rows = self.client.query.sql(
            f"SELECT TOP 2 name FROM account WHERE name LIKE '{self.mark}%' ORDER BY name"
        )
        self.assertEqual([row["name"] for row in rows], [f"{self.mark} 1", f"{self.mark} 2"])
