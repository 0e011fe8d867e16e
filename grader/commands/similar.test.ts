import { mkdir, readdir, readFile, symlink, writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { makeZip } from "../class/testing/make-zip.ts";
import { folderWith, ROOT, removeFolders } from "../testing/command.ts";
import { commandIn } from "../testing/in-process.ts";

const read = (name: string) => readFile(path.join(ROOT, name), "utf8");

describe("raft-grade similar", function () {
	this.timeout(30_000);
	after(removeFolders);

	it("finds a copy among folders and modules, and writes a table and pages", async () => {
		const [ticker, callbacks, template] = await Promise.all(
			["reference/variants/ticker.ts", "reference/styles/callbacks.ts", "student-template/src/raft.ts"].map(read),
		);
		const folder = await folderWith({
			"class/alice/src/raft.ts": ticker ?? "",
			"class/alice/node_modules/x/index.js": callbacks ?? "",
			"class/bob/mine.ts": (ticker ?? "").replaceAll("currentTerm", "now"),
			"class/carol.ts": callbacks ?? "",
			"class/dan/src/raft.ts": template ?? "",
			"class/eve/types.d.ts": callbacks ?? "",
			"class/.git/x.ts": callbacks ?? "",
		});
		// Neither is followed: they lead to other people's files.
		await mkdir(path.join(folder, "class/frank"));
		await symlink(path.join(folder, "class/alice"), path.join(folder, "class/frank/src"));
		await symlink(path.join(folder, "class/alice"), path.join(folder, "class/grace"));
		await mkdir(path.join(folder, "out/similar"), { recursive: true });
		await writeFile(path.join(folder, "out/similar/9.html"), "of the last time");

		const { code, text } = await commandIn(folder, ["similar", "class", "-o", "out"]);
		expect(code).to.equal(0);
		expect(text).to.include("3 submissions compared, 1 pair alike beyond chance");
		expect(text).to.match(/^ *100% {2}alice +bob$/m);
		for (const name of ["dan", "eve"]) expect(text).to.include(`${name}: too little`);
		expect(text).to.match(/frank: "src" is a link that leads out/);
		expect(text).to.not.include("grace").and.not.include(".git");
		expect(text).to.include("out/similar.html shows them side by side");
		expect((await readdir(path.join(folder, "out"), { recursive: true })).sort()).to.deep.equal([
			"similar",
			"similar.csv",
			"similar.html",
			"similar/1.html",
		]);
		expect(await readFile(path.join(folder, "out/similar/1.html"), "utf8")).to.include("src/raft.ts");
	});

	it("reads what a platform exports: archives, attempts, nested roots; and says which it can't read", async () => {
		const [ticker, callbacks] = await Promise.all(
			["reference/variants/ticker.ts", "reference/styles/callbacks.ts"].map(read),
		);
		const folder = await folderWith({
			"class/Bob_1002_assignsubmission_file_/lab.ts": (ticker ?? "").replaceAll("currentTerm", "now"),
			"class/broken.zip": "not a zip",
			"similarity/old.ts": ticker ?? "",
		});
		const zip = (name: string, entries: Parameters<typeof makeZip>[0]) =>
			writeFile(path.join(folder, "class", name), makeZip(entries));
		await zip("alice.zip", [
			{ name: "alice/lab/src/raft.ts", content: ticker ?? "" },
			{ name: "alice/lab/node_modules/x/index.js", content: callbacks ?? "" },
			{ name: "__MACOSX/alice/._raft.ts", content: "x" },
		]);
		await zip("carol.zip", [{ name: "../raft.ts", content: callbacks ?? "" }]);

		const { code, text } = await commandIn(folder, ["similar", "class"]);
		expect(code).to.equal(0);
		expect(text).to.include("2 submissions compared, 1 pair alike beyond chance");
		expect(text).to.match(/^ *100% {2}(?:alice +Bob|Bob +alice)$/m);
		expect(text)
			.to.match(/broken: .*zip/)
			.and.match(/carol: .*climbs out|carol: .*out of/);

		// What a command of before has written isn't anybody's.
		const again = await commandIn(folder, ["similar", ".", "-o", "similarity"]);
		expect(again.text).to.include("1 submission compared");
	});

	it("compares years with each other, and takes off what the course has given out", async () => {
		const ticker = await read("reference/variants/ticker.ts");
		const folder = await folderWith({
			"2025/alice/raft.ts": ticker,
			"2026/alice/raft.ts": ticker,
			"given/raft.ts": ticker,
		});
		const both = await commandIn(folder, ["similar", "2025", "2026"]);
		expect(both.text).to.match(/^ *100% {2}2025\/alice +2026\/alice$/m);
		const given = await commandIn(folder, ["similar", "2025", "2026", "--template", "given"]);
		expect(given.text).to.include("0 pairs alike").and.include("too little that is not the template's");
	});

	it("refuses what it cannot use, in one sentence", async () => {
		const folder = await folderWith({ "empty/README.md": "", "file.ts": "" });
		for (const [args, sentence] of [
			[["none"], /there is no folder .*none/],
			[["file.ts"], /file\.ts is a module: name the folder/],
			[["empty"], /no submissions in empty/],
			[[".", "--template", "none"], /--template none: there is no such file or folder/],
			[[".", "--output", "file.ts/x"], /--output file\.ts\/x cannot be written/],
		] as const) {
			const { code, errors } = await commandIn(folder, ["similar", ...args]);
			expect(errors).to.match(sentence);
			expect(errors.trim().split("\n")).to.have.length(1);
			expect(code).to.equal(2);
		}
	});
});
