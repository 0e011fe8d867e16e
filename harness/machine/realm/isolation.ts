/**
 * Takes out of a realm what would break its isolation or its determinism.
 */
export function isolate(withStacks: boolean): void {
	// What blocks the thread, runs on threads of the host's or counts real time.
	for (const name of ["WebAssembly", "SharedArrayBuffer", "Atomics", "Temporal", "ShadowRealm"]) {
		delete (globalThis as Record<string, unknown>)[name];
	}
	// It reads the real clock when it is given no date.
	delete (Intl as { DateTimeFormat?: unknown }).DateTimeFormat;
	installConstantReferences();
	if (withStacks) lock(Error, "prepareStackTrace", undefined);
	else {
		// Taking stacks costs time. Without a limit that is a number, V8 takes none.
		lock(Error, "stackTraceLimit", undefined);
	}
}

/** Fixes a property. An accessor: assigning to it does nothing, where a read-only property would throw. */
function lock(target: object, name: string, value: unknown): void {
	Object.defineProperty(target, name, { get: () => value, set: () => {}, configurable: false, enumerable: false });
}

/** When memory is reclaimed is chance: a weak reference holds on for good, and nothing is ever finalized. */
function installConstantReferences(): void {
	Object.assign(globalThis, {
		WeakRef: class<T extends object> {
			readonly #target: T;
			constructor(target: T) {
				this.#target = target;
			}
			deref(): T {
				return this.#target;
			}
		},
		FinalizationRegistry: class {
			register(): void {}
			unregister(): boolean {
				return false;
			}
		},
	});
}
