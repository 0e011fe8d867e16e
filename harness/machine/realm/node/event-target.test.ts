import { expect } from "chai";
import { Realm } from "./fixture.ts";

describe("EventTarget", () => {
	const realm = new Realm();

	it("calls its listeners, each once per registration, as functions or objects", () => {
		expect(
			realm.run(`
				const target = new EventTarget();
				const seen = [];
				const listener = (event) => seen.push(event.type);
				target.addEventListener("a", listener);
				target.addEventListener("a", listener);
				target.addEventListener("a", { handleEvent(event) { seen.push(event.currentTarget === target && this !== target); } });
				target.addEventListener("a", function () { seen.push(this === target); }, { once: true });
				target.addEventListener("a", null);
				target.dispatchEvent(new Event("a"));
				target.removeEventListener("a", listener);
				target.dispatchEvent(new Event("a"));
				return seen;
			`),
		).to.deep.equal(["a", true, true, true]);
	});

	it("lets a listener cancel an event, or keep it from the others", () => {
		expect(
			realm.run(`
				const target = new EventTarget();
				const seen = [];
				target.addEventListener("a", (event) => event.preventDefault());
				target.addEventListener("a", (event) => event.stopImmediatePropagation());
				target.addEventListener("a", () => seen.push("never"));
				const event = new Event("a", { cancelable: true });
				return [target.dispatchEvent(event), event.defaultPrevented, event.eventPhase, event.isTrusted, seen, target.dispatchEvent(new Event("a"))];
			`),
		).to.deep.equal([false, true, 0, false, [], true]);
	});

	it("goes on after a listener that throws, and reports it as uncaught", () => {
		expect(
			realm.run(`
				const target = new EventTarget();
				const seen = [];
				target.addEventListener("a", () => { throw new Error("in listener"); });
				target.addEventListener("a", () => seen.push("still"));
				target.dispatchEvent(new Event("a"));
				return seen;
			`),
		).to.deep.equal(["still"]);
		expect(realm.run("return core.uncaught")).to.deep.equal(["Error: in listener"]);
	});

	it("forgets listeners whose signal is aborted, and those removed during a dispatch", () => {
		expect(
			realm.run(`
				const target = new EventTarget();
				const seen = [];
				const controller = new AbortController();
				const second = () => seen.push("second");
				target.addEventListener("a", () => target.removeEventListener("a", second));
				target.addEventListener("a", second);
				target.addEventListener("a", () => seen.push("signalled"), { signal: controller.signal });
				target.dispatchEvent(new Event("a"));
				controller.abort();
				target.dispatchEvent(new Event("a"));
				return seen;
			`),
		).to.deep.equal(["signalled"]);
	});

	it("takes events only, one dispatch at a time, stamped with virtual time", () => {
		expect(() => realm.run(`new EventTarget().dispatchEvent({ type: "a" })`)).to.throw("instance of Event");
		expect(
			realm.run(
				`const t = new EventTarget(); let code; t.addEventListener("a", (e) => { try { t.dispatchEvent(e); } catch (error) { code = error.code; } }); t.dispatchEvent(new Event("a")); return code;`,
			),
		).to.equal("ERR_EVENT_RECURSION");
		realm.advance(125);
		expect(realm.run(`return [new Event("a").timeStamp, new CustomEvent("a", { detail: 7 }).detail]`)).to.deep.equal([
			125, 7,
		]);
	});
});

describe("AbortController and AbortSignal", () => {
	const realm = new Realm();

	it("abort once, with a reason", () => {
		expect(
			realm.run(`
				const controller = new AbortController();
				const { signal } = controller;
				const seen = [];
				signal.onabort = (event) => seen.push(event.type, event.isTrusted, event.target === signal);
				signal.addEventListener("abort", () => seen.push(signal.reason));
				controller.abort("first");
				controller.abort("second");
				let thrown;
				try { signal.throwIfAborted(); } catch (error) { thrown = error; }
				return [signal.aborted, seen, thrown];
			`),
		).to.deep.equal([true, ["abort", true, true, "first"], "first"]);
	});

	it("give a DOMException where there is no reason", () => {
		expect(
			realm.run(`
				const { reason } = AbortSignal.abort();
				return [reason.name, reason.code, reason.message, reason instanceof DOMException, reason instanceof Error, reason.stack.split("\\n")[0]];
			`),
		).to.deep.equal([
			"AbortError",
			20,
			"This operation was aborted",
			true,
			true,
			"AbortError: This operation was aborted",
		]);
	});

	it("time out on virtual time", () => {
		realm.raw("globalThis.signal = AbortSignal.timeout(100)");
		realm.advance(99);
		expect(realm.run("return signal.aborted")).to.equal(false);
		realm.advance(1);
		expect(realm.run("return [signal.aborted, signal.reason.name]")).to.deep.equal([true, "TimeoutError"]);
	});

	it("follow any of several", () => {
		expect(
			realm.run(`
				const [a, b] = [new AbortController(), new AbortController()];
				const any = AbortSignal.any([a.signal, b.signal]);
				const before = any.aborted;
				b.abort("b");
				a.abort("a");
				return [before, any.aborted, any.reason, AbortSignal.any([AbortSignal.abort(1), a.signal]).reason];
			`),
		).to.deep.equal([false, true, "b", 1]);
	});

	it("are not made by hand", () => {
		expect(() => realm.run("new AbortSignal()")).to.throw("Illegal constructor");
	});
});
