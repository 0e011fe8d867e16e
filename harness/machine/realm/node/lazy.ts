/**
 * Makes a value on first use and keeps it. Machines restart hundreds of times a second and most of them use little of
 * Node, so a part that nobody asks for must cost no more than this closure.
 */
export function lazy<T>(make: () => T): () => T {
	let made: { value: T } | undefined;
	return () => {
		made ??= { value: make() };
		return made.value;
	};
}

/** Gives an exports object a member that is made on first use, and that a student may overwrite like any other. */
function defineLazy(target: object, name: PropertyKey, make: () => unknown): void {
	const replace = (value: unknown) =>
		Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
	Object.defineProperty(target, name, {
		get: () => {
			const value = make();
			replace(value);
			return value;
		},
		set: replace,
		enumerable: true,
		configurable: true,
	});
}
