"use strict";
// Numbers as parityhub's other reports show them: Python's %.9g, or in full where nine digits mislead.

const parityhub = {};

/** Lay out decimal digits as Python does: an exponent below 1e-4 and from `high` on. */
function layDigits(negative, digits, exponent, high) {
  const sign = negative ? "-" : "";
  if (exponent < -4 || exponent >= high) {
    const rest = digits.slice(1) ? "." + digits.slice(1) : "";
    const size = String(Math.abs(exponent)).padStart(2, "0");
    return `${sign}${digits[0]}${rest}e${exponent < 0 ? "-" : "+"}${size}`;
  }
  if (exponent < 0) return `${sign}0.${"0".repeat(-exponent - 1)}${digits}`;
  const whole = digits.slice(0, exponent + 1).padEnd(exponent + 1, "0");
  const rest = digits.slice(exponent + 1);
  return sign + whole + (rest ? "." + rest : "");
}

/** Return digits and exponent of a number; `places` behind the first, or as many as tell it apart. */
function splitNumber(value, places) {
  const [mantissa, exponent] = Math.abs(value).toExponential(places).split("e");
  return [mantissa.replace(".", ""), Number(exponent)];
}

/** Round to nine digits, halves to even as Python does. */
function roundNine(value) {
  const [long, at] = splitNumber(value, 60);
  let [digits, exponent] = splitNumber(value, 8);
  if (/^50*$/.test(long.slice(9)) && Number(long[8]) % 2 === 0) [digits, exponent] = [long.slice(0, 9), at];
  return [digits.replace(/0+$/, "") || "0", exponent];
}

function writeFull(value) {
  const [digits, exponent] = splitNumber(value);
  return layDigits(value < 0, digits, exponent, 16);
}

function writeNine(value) {
  return layDigits(value < 0, ...roundNine(value), 9);
}

/** Return the number that is drawn, or null. */
function readDrawn(value) {
  if (typeof value === "number") return value;
  return value !== null && typeof value === "object" && "v" in value ? value.v : null;
}

/** Return the text of a value; `beside`: values that it must be told apart from. */
function formatValue(value, beside = []) {
  if (value === null || value === undefined) return "absent";
  if (typeof value === "string") return value;
  if (typeof value === "object") {
    if ("t" in value) return value.t;
    return (value.s === "missing" ? "missing" : "not finite") + (value.n ? ` (${value.n})` : "");
  }
  if (Number.isInteger(value)) return String(value);
  const short = writeNine(value);
  const misleads = !short.includes(".") && Number(short) !== value;
  const others = beside.filter((other) => typeof other === "number" && other !== value);
  const same = others.some((other) => !Number.isInteger(other) && writeNine(other) === short);
  if (misleads || same) return writeFull(value);
  return /[.e]/.test(short) ? short : short + ".0";
}

/** Tell whether two values are the same. */
function isSame(a, b) {
  return JSON.stringify(a ?? null) === JSON.stringify(b ?? null);
}

/** Return a stamp as people read it: date and time, UTC. */
function readStamp(stamp) {
  const found = /^(\d+-\d+-\d+)T(\d\d)(\d\d)(\d\d)Z(-\d+)?$/.exec(stamp);
  return found ? `${found[1]} ${found[2]}:${found[3]}:${found[4]}${found[5] ? " no. " + found[5].slice(1) : ""}` : stamp;
}
