const { test } = require("node:test");
const assert = require("node:assert/strict");
const { connect, refusal } = require("./environment.cjs");

const api = connect();
const MEGABYTE = 1024 * 1024;

test("a file larger than a block goes up and comes down in blocks", async () => {
  const key = await api.create({ collection: "accounts", data: { name: "With a contract" } });
  const data = Buffer.alloc(5 * MEGABYTE, "contract ");
  await api.uploadFile({ collection: "accounts", key, property: "new_file", fileName: "contract.pdf", data });
  const file = await api.downloadFile({ collection: "accounts", key, property: "new_file" });
  assert.deepEqual([file.fileName, file.fileSize], ["contract.pdf", data.length]);
  assert.ok(Buffer.from(file.data).equals(data), "the bytes are others");
  const row = await api.retrieve({ collection: "accounts", key, select: ["new_file", "new_file_name"] });
  assert.equal(row.new_file_name, "contract.pdf");
});

test("a column without a file has nothing to download", async () => {
  const key = await api.create({ collection: "accounts", data: { name: "Without" } });
  const refused = await refusal(api.downloadFile({ collection: "accounts", key, property: "new_file" }));
  assert.ok(refused.message);
});
