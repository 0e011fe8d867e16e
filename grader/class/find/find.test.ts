import { writeFile } from "node:fs/promises";
import path from "node:path";
import { expect } from "chai";
import { folderWith, removeFolders } from "../../testing/command.ts";
import { UsageError } from "../../usage-error.ts";
import { joinRoster, readRoster } from "./roster.ts";
import { nameAll } from "./submission.ts";
import { findSubmissions } from "./submissions.ts";

const MAKE = "export const make = 1;";

async function find(files: Readonly<Record<string, string>>, spec = ".", at?: string) {
	const cwd = await folderWith(files);
	const found = await findSubmissions(spec, { at, cwd, except: path.join(cwd, "class-results") });
	return { ...found, cwd, submissions: nameAll(found.submissions) };
}

const briefly = ({ submissions }: Awaited<ReturnType<typeof find>>) =>
	submissions.map(({ slug, students, isLate, source }) => ({
		slug,
		who: students.map(({ name, id, sid }) => [name, id ?? sid].join(" ").trim()).join(" and "),
		isLate,
		files: source.kind === "files" ? source.files.map(({ name }) => name).sort() : source.kind,
	}));

async function refusal(promise: Promise<unknown>): Promise<string> {
	const error = await promise.catch((thrown: unknown) => thrown);
	expect(error).to.be.instanceOf(UsageError);
	return (error as Error).message;
}

describe("finding the submissions of a class", () => {
	after(removeFolders);

	it("in a folder of folders, archives and modules", async () => {
		const found = await find({
			"alice/raft.ts": MAKE,
			"bob.zip": "",
			"carol_LATE.tar.gz": "",
			"dan.ts": MAKE,
			"notes.txt": "",
			".DS_Store": "",
			"class-results/grades.csv": "",
		});
		expect(briefly(found)).to.deep.equal([
			{ slug: "alice", who: "alice", isLate: false, files: "folder" },
			{ slug: "bob", who: "bob", isLate: false, files: ["bob.zip"] },
			{ slug: "carol", who: "carol", isLate: true, files: ["carol_LATE.tar.gz"] },
			{ slug: "dan", who: "dan", isLate: false, files: ["dan.ts"] },
		]);
		expect(found.leftOut).to.deep.equal(["notes.txt"]);
		expect(found.platform).to.equal("other");
	});

	it("but not in the results of an earlier grading, wherever they lie", async () => {
		const found = await find({
			"alice/raft.ts": MAKE,
			"results-of-before/.raft-grade/results/x.json": "{}",
			"results-of-before/class.json": "{}",
			"results-of-before/feedback/alice/raft.ts": MAKE,
		});
		expect(found.submissions.map(({ slug }) => slug)).to.deep.equal(["alice"]);
	});

	it("as Canvas exports them: late marks, several files, several attempts", async () => {
		const found = await find({
			"doejane_12345_67890_lab-1.zip": "",
			"doejohn_LATE_23456_78901_raft.ts": "",
			"doejohn_LATE_23456_78902_log-2.ts": "",
			"doejohn_LATE_23456_78903_log.ts": "",
			"müllerjörg_34567_89012_essay.pdf": "",
		});
		expect(found.platform).to.equal("canvas");
		expect(briefly(found)).to.deep.equal([
			{ slug: "doejane", who: "doejane 12345", isLate: false, files: ["lab.zip"] },
			{ slug: "doejohn", who: "doejohn 23456", isLate: true, files: ["log.ts", "log.ts", "raft.ts"] },
			{ slug: "müllerjörg", who: "müllerjörg 34567", isLate: false, files: ["essay.pdf"] },
		]);
	});

	it("as Moodle exports them", async () => {
		const found = await find({
			"Jane Doe_123_assignsubmission_file_/lab.zip": "",
			"Jane Doe_123_assignsubmission_onlinetext_/onlinetext.html": "",
			"John_Q Public_124_assignsubmission_file_raft.ts": MAKE,
		});
		expect(found.platform).to.equal("moodle");
		expect(briefly(found)).to.deep.equal([
			{ slug: "Jane-Doe", who: "Jane Doe 123", isLate: false, files: "folder" },
			{ slug: "John_Q-Public", who: "John_Q Public 124", isLate: false, files: ["raft.ts"] },
		]);
	});

	it("as Gradescope exports them: groups, and a folder that is missing", async () => {
		const found = await find({
			"assignment_77_export/submission_metadata.yml": `---
submission_1:
  :submitters:
  - :name: Jane Doe
    :sid: '0042'
    :email: jane@example.org
  - :name: John Doe
    :sid: 43
  :created_at: !ruby/object:ActiveSupport::TimeWithZone 2026-11-20 10:00:00 Z
submission_2:
  :submitters:
  - :name: "=cmd|' /C calc'!A1"
    :sid: '44'
`,
			"assignment_77_export/submission_1/raft.ts": MAKE,
		});
		expect(found.platform).to.equal("gradescope");
		expect(briefly(found)).to.deep.equal([
			{ slug: "Jane-Doe", who: "Jane Doe 0042 and John Doe 43", isLate: false, files: "folder" },
			{ slug: "cmd-C-calc-A1", who: "=cmd|' /C calc'!A1 44", isLate: false, files: "broken" },
		]);
	});

	it("in a list of repositories", async () => {
		const found = await find(
			{ "repos.csv": "Student,Repository,At\nalice,repos/alice,handin\nbob,/srv/bob.git,\n" },
			"repos.csv",
			"2026-11-20",
		);
		expect(found.submissions.map(({ source }) => source)).to.deep.equal([
			{ kind: "git", repository: path.join(found.cwd, "repos/alice"), at: "handin" },
			{ kind: "git", repository: "/srv/bob.git", at: "2026-11-20" },
		]);
		expect(await refusal(find({ "repos.csv": "student\nalice\n" }, "repos.csv"))).to.match(
			/repos\.csv, row 2: the repository is missing/,
		);
	});

	it("in repositories side by side, if a commit is named", async () => {
		const found = await find({ "alice/raft.ts": MAKE }, ".", "main");
		expect(found.submissions[0]?.source).to.deep.include({ kind: "git", at: "main" });
	});

	it("says what is wrong if there are none", async () => {
		expect(await refusal(find({ "alice/src/raft.ts": MAKE }, "alice"))).to.match(
			/alice is one submission, with its src\/raft\.ts/,
		);
		const results = { "out/.raft-grade/lock": "", "out/class.json": "{}", "out/feedback/alice/feedback.md": "" };
		expect(await refusal(find(results, "out"))).to.match(/out holds the results of a class/);
		expect(await refusal(find({ "raft.ts": MAKE }, "raft.ts"))).to.match(/raft\.ts is a module: name the folder/);
		expect(await refusal(find({}, "nosuch"))).to.match(/there is no folder nosuch/);
		expect(await refusal(find({ "a.txt": "" }))).to.match(/there are no submissions in \./);
		expect(await refusal(find({ "all.zip": "" }, "all.zip"))).to.match(/is an archive: unpack it/);
	});

	it("gives each its own name, whatever the students are called", async () => {
		const names = ["../..", "a/b", "CON", "Jane", "jane", "-", "", "x".repeat(300), "日本"];
		const source = { kind: "broken", why: "" } as const;
		const all = nameAll(
			names.map((name, i) => ({ students: [{ name, id: String(i) }], from: name, isLate: false, source })),
		);
		const slugs = all.map(({ slug }) => slug);
		expect(new Set(slugs.map((slug) => slug.toLowerCase())).size).to.equal(names.length);
		for (const slug of slugs) expect(slug).to.match(/^[\p{L}\p{N}_][\p{L}\p{M}\p{N}._-]{0,99}$/u);
	});
});

describe("the roster", () => {
	after(removeFolders);

	it("tells who is not in it, and is refused in a sentence if it can't be read", async () => {
		const cwd = await folderWith({ "roster.csv": 'Student,ID\n"Doe, Jane",1\n' });
		const roster = await readRoster(path.join(cwd, "roster.csv"), "roster.csv");
		const { submissions } = await find({ "Jane Doe/raft.ts": MAKE, "stranger/raft.ts": MAKE });
		expect(joinRoster(submissions, roster).unknown.map(({ name }) => name)).to.deep.equal(["stranger"]);
		expect(await refusal(readRoster(path.join(cwd, "none.csv"), "none.csv"))).to.equal(
			"none.csv cannot be read: there is no such file or folder",
		);
		expect(await refusal(readRoster(cwd, "."))).to.equal(". cannot be read: it is a folder");
	});

	it("adds numbers and sections by number or name, and knows who handed nothing in", async () => {
		const folder = await folderWith({});
		const file = path.join(folder, "gradebook.csv");
		const lines = [
			"\uFEFFStudent,ID,SIS User ID,SIS Login ID,Section,Quiz (1)",
			"    Points Possible,,,,,10",
			'"Doe, Jane",12345,S1,jdoe,A,9',
			'"Roe, Rick",99999,S2,rroe,B,',
			'"O\'Neil, Mary Ann",55555,S3,mao,B,',
			'"Student, Test",0,,,,',
		];
		await writeFile(file, lines.join("\r\n"));
		const roster = await readRoster(file, "gradebook.csv");
		expect(roster).to.have.length(3);
		const source = { kind: "broken", why: "" } as const;
		const submissions = ["doejane", "oneilmaryann", "stranger"].map((name) => ({
			students: [name === "doejane" ? { name, id: "12345" } : { name }] as const,
			from: name,
			isLate: false,
			source,
		}));
		const joined = joinRoster(submissions, roster);
		expect(
			joined.submissions.map(({ students }) => [students[0].name, students[0].sid, students[0].section]),
		).to.deep.equal([
			["Doe, Jane", "S1", "A"],
			["O'Neil, Mary Ann", "S3", "B"],
			["stranger", undefined, undefined],
		]);
		expect(joined.absent.map(({ name }) => name)).to.deep.equal(["Roe, Rick"]);
	});
});
