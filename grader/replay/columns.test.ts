import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { callsOf } from "./calls.ts";
import { columns } from "./columns.ts";
import { displayWidth } from "./display-width.ts";
import type { Journal } from "./journal-schema.ts";
import { HOSTILE, madeUp, SAMPLES, type Sample, sampleJournal } from "./testing/journals.ts";

function draw(journal: Journal, width = 80): string[] {
	const chosen = journal.events.map((_, i) => i);
	const servers = Array.from({ length: journal.servers }, (_, server) => server);
	return [...columns(journal, callsOf(journal.events), chosen, servers, width)].map(stripVTControlCharacters);
}

describe("a run in columns", () => {
	for (const sample of Object.keys(SAMPLES) as Sample[]) {
		it(`fits the terminal, however wide it is (${sample})`, async () => {
			const journal = await sampleJournal(sample);
			for (const width of [80, 133, 200]) {
				for (const line of draw(journal, width)) expect(displayWidth(line), line).to.be.at.most(width);
			}
		});
	}

	it("tells time, tester, roles, messages, saves, applies and console lines of a run that fails", async () => {
		const text = draw(await sampleJournal("twoLeaders"), 200).join("\n");
		expect(text).to.match(/^ +2\.118 s .*> RequestVote to S1: term:3 candidateId:0/m);
		expect(text).to.include("LEADER of term 3").and.include("saves 32 bytes").and.include("voteGranted:true");
		expect(text).to.include(": role: leader in term 3").and.include("is CUT OFF");
		expect(text).to.match(/== checkOneLeader: S\d, term \d/);
		expect(text).to.match(/== FAILS \(election-safety\): two leaders in term 3: S1 and S0/);
	});

	it("marks the event in which a server broke a rule, and no other", async () => {
		const journal = await sampleJournal("twoLeaders");
		expect(journal.story?.culprit?.server).to.equal(1);
		for (const width of [80, 200]) {
			const marked = draw(journal, width).filter((line) => line[9] === "!");
			expect(marked.join("\n")).to.include("answers S0's RequestVote");
			expect(marked.filter((line) => line.includes("> answers"))).to.have.length(1);
		}
		for (const line of draw({ ...journal, story: null })) expect(line[9]).to.not.equal("!");
	});

	it("says when it leaves what becomes of a message", async () => {
		const text = draw(await sampleJournal("unreliable"), 300).join("\n");
		expect(text).to.include("(LOST: request lost)").and.include("(LOST: reply lost)");
		expect(text).to.include("no reply, reply lost");
	});

	it("says that a request comes a second time", async () => {
		const text = draw(await sampleJournal("twice"), 900).join("\n");
		expect(text).to.match(/< AppendEntries of S\d arrives AGAIN(?: \(\d+ ms late\))?: /);
	});

	it("has a line for each server, the heading's", async () => {
		const [heading = "", ...rows] = draw(await sampleJournal("passing"));
		expect(heading).to.match(/^ +time S0 +S1 +S2$/);
		const saves = rows.filter((row) => /^\W*s saves \d+ bytes\W*$/.test(row));
		expect(saves.length).to.be.above(0);
		for (const row of saves) {
			const at = row.indexOf("s saves");
			for (const [i, name] of ["S0", "S1", "S2"].entries()) {
				const place = i < 2 ? heading.indexOf(name) : heading.indexOf(name) + 1;
				expect(row[place], row).to.equal(place === at ? "s" : "│");
			}
		}
	});

	it("leaves no control character and no line of its own to a submission", () => {
		const journal = madeUp(
			HOSTILE.flatMap((text) => [
				{ atMs: 1, kind: "log" as const, server: 2, topic: text, text },
				{ atMs: 1, kind: "apply" as const, server: 1, index: 1, command: JSON.stringify(text) },
				{ atMs: 1, kind: "call" as const, rpc: 1, from: 0, to: 1, method: text, args: `{"${text}`, bytes: 1 },
			]),
		);
		for (const line of draw(journal)) {
			expect(line).to.not.match(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
			expect(line).to.not.match(/::error|^S0->>/);
			expect(displayWidth(line)).to.be.at.most(80);
		}
	});

	it("breaks wide characters where they get too wide", () => {
		const journal = madeUp([{ atMs: 1, kind: "log", server: 0, topic: "t", text: "領導者".repeat(40) }]);
		for (const line of draw(journal)) expect(displayWidth(line)).to.be.at.most(80);
		expect(draw(journal).join("").match(/領/g)).to.have.length(40);
	});
});
