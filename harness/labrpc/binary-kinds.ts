/**
 * What a value begins with, in the format of binary-format.ts. Constants, not one object of them: the bundler puts their values where they are used,
 * and a realm need not make an object of eighteen properties to begin with.
 */
export const nullValue = 0x80;
export const undefinedValue = 0x81;
export const trueValue = 0x82;
export const falseValue = 0x83;
/** A varint. */
export const unsigned = 0x84;
/** A varint: minus the number, minus 1. */
export const negative = 0x85;
/** 8 bytes, little-endian. */
export const double = 0x86;
/** Length, then a byte a character. */
export const latin1 = 0x87;
/** Length, then two bytes a character: faithful to lone surrogates too. */
export const utf16 = 0x88;
/** Length, then the items. */
export const array = 0x89;
export const hole = 0x8a;
/** How many keys, the keys (text), then the values in that order. It gets the next shape number. */
export const newShape = 0x8b;
/** A shape number, then the values. */
export const knownShape = 0x8c;
/** Length, then the bytes. */
export const bytes = 0x8d;
/** Its decimal digits, as text. */
export const bigint = 0x8e;
/** A double: ms since 1970. */
export const date = 0x8f;
/** Size, then key and value in turn. */
export const map = 0x90;
/** Size, then the items. */
export const set = 0x91;
