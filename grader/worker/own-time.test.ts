import { expect } from "chai";
import { cpuMs, OwnTime } from "./own-time.ts";

describe("the time that a process had for itself", () => {
	const clock = () => {
		const at = { cpu: 500 as number | undefined };
		return { at, time: new OwnTime(() => at.cpu) };
	};

	it("is the time that passed when it computed all along", () => {
		const { at, time } = clock();
		time.spentMs(1000, 1000);
		at.cpu = 3500;
		expect(time.spentMs(1000, 4000)).to.equal(3000);
	});

	it("is no more than passed, however many threads compute", () => {
		const { at, time } = clock();
		time.spentMs(1000, 1000);
		at.cpu = 9500;
		expect(time.spentMs(1000, 4000)).to.equal(3000);
	});

	it("is what it computed when the machine was busy", () => {
		const { at, time } = clock();
		time.spentMs(1000, 1000);
		at.cpu = 1500;
		expect(time.spentMs(1000, 6000)).to.equal(1000);
	});

	it("is a part of what passed even if it does nothing at all", () => {
		const { time } = clock();
		time.spentMs(1000, 1000);
		expect(time.spentMs(1000, 61_000)).to.equal(6000);
	});

	it("begins anew with each span", () => {
		const { at, time } = clock();
		time.spentMs(1000, 1000);
		at.cpu = 4500;
		expect(time.spentMs(5000, 5000)).to.equal(0);
		at.cpu = 4700;
		expect(time.spentMs(5000, 5400)).to.equal(200);
	});

	it("is what passed where the system does not tell", () => {
		const { at, time } = clock();
		at.cpu = undefined;
		expect(time.spentMs(1000, 4000)).to.equal(3000);
	});
});

describe("cpuMs", () => {
	it("grows as a process computes", function () {
		const before = cpuMs(process.pid);
		if (before === undefined) this.skip();
		let x = 0;
		while ((cpuMs(process.pid) ?? 0) < before + 30) for (let i = 0; i < 1_000_000; i++) x = (x * 31 + i) | 0;
		expect(x).to.be.a("number");
	});

	it("is not known of a process that isn't", () => {
		expect(cpuMs(undefined)).to.equal(undefined);
	});
});
