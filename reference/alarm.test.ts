import { expect } from "chai";
import sinon from "sinon";
import { Alarm } from "./alarm.ts";

describe("Alarm", () => {
	let clock: sinon.SinonFakeTimers;
	let rings: number[];
	let alarm: Alarm;

	beforeEach(() => {
		clock = sinon.useFakeTimers();
		rings = [];
		alarm = new Alarm(() => rings.push(performance.now()));
	});

	afterEach(() => clock.restore());

	it("rings once, when its time has come", () => {
		alarm.set(300);
		clock.tick(299);
		expect(rings).to.deep.equal([]);
		clock.tick(1000);
		expect(rings).to.deep.equal([300]);
	});

	it("can be put off again and again", () => {
		alarm.set(300);
		for (let i = 0; i < 10; i += 1) {
			clock.tick(100);
			alarm.set(300 + i);
		}
		clock.tick(1000);
		expect(rings).to.deep.equal([1309]);
	});

	it("can be brought forward", () => {
		alarm.set(600);
		clock.tick(100);
		alarm.set(200);
		clock.tick(1000);
		expect(rings).to.deep.equal([300]);
	});

	it("is never early by a fraction of a millisecond", () => {
		alarm.set(300.4);
		clock.tick(300);
		expect(rings).to.deep.equal([]);
		clock.tick(1);
		expect(rings).to.have.length(1);
	});

	it("can be set anew by its own ringing, and cancelled", () => {
		const beat = new Alarm(() => {
			rings.push(performance.now());
			beat.set(100);
		});
		beat.set(100);
		clock.tick(350);
		beat.cancel();
		clock.tick(1000);
		expect(rings).to.deep.equal([100, 200, 300]);
	});
});
