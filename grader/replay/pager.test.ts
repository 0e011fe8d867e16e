import { readFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { folderWith, removeFolders } from "../testing/command.ts";
import { page } from "./pager.ts";

describe("the pager", () => {
	after(removeFolders);

	async function paged(env: NodeJS.ProcessEnv, isTerminal = true): Promise<string> {
		let written = "";
		const write = (text: string) => {
			written += text;
		};
		await page("a long text\n", { env: { PATH: process.env.PATH, ...env }, isTerminal, write });
		return written;
	}

	it("gets the text on a terminal, with what git gives it", async () => {
		const file = path.join(await folderWith({}), "seen");
		expect(await paged({ PAGER: `(echo "$LESS"; cat) > '${file}'` })).to.equal("");
		expect(await readFile(file, "utf8")).to.equal("FRX\na long text\n");
		await paged({ PAGER: `(echo "$LESS"; cat) > '${file}'`, LESS: "S" });
		expect(await readFile(file, "utf8")).to.equal("S\na long text\n");
	});

	it("is left out where there is no terminal, or nobody wants it, or there is none", async () => {
		expect(await paged({ PAGER: "false" }, false)).to.equal("a long text\n");
		expect(await paged({ PAGER: "" })).to.equal("a long text\n");
		expect(await paged({ PAGER: "cat" })).to.equal("a long text\n");
		expect(await paged({ PAGER: "no-such-pager 2> /dev/null" })).to.equal("a long text\n");
	});

	it("may be left before the end", async () => {
		expect(await paged({ PAGER: "true" })).to.equal("");
	});
});
