import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { folderWith, removeFolders } from "../testing/command.ts";
import { ResultStore } from "./result-store.ts";
import { reportWith } from "./testing/reports.ts";
import { WholeFiles } from "./whole-files.ts";

describe("the store of results", () => {
	after(removeFolders);

	it("gives back what was kept, and nothing else", async () => {
		const folder = await folderWith({});
		const store = new ResultStore(folder, new WholeFiles(await folderWith({})));
		const result = { report: reportWith({}), seconds: 1.5 };
		await store.put("aa", result);
		expect(await store.get("aa")).to.deep.equal(result);
		expect(await store.get("bb")).to.equal(undefined);
		await store.drop("aa");
		expect(await store.get("aa")).to.equal(undefined);
		expect(await readdir(folder)).to.deep.equal([]);
	});

	it("takes a result that is not whole for none, wherever it was cut off; and one under another's name", async () => {
		const folder = await folderWith({});
		const store = new ResultStore(folder, new WholeFiles(await folderWith({})));
		await store.put("aa", { report: reportWith({}), seconds: 1 });
		const file = path.join(folder, "aa.json.gz");
		const whole = await readFile(file);
		for (let length = 0; length < whole.length; length += 37) {
			await writeFile(file, whole.subarray(0, length));
			expect(await store.get("aa"), `${length} bytes`).to.equal(undefined);
		}
		await writeFile(path.join(folder, "bb.json.gz"), whole);
		expect(await store.get("bb")).to.equal(undefined);
	});
});
