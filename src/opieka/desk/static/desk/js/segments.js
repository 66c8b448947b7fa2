/** What a text costs to send: its parts. The same rule as `channels/policy/segments.py`. */

const BASIC = new Set(
  "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
const EXTENDED = new Set("^{}\\[~]|€\f");

/**
 * Its parts, and how much still fits into the last.
 * @param {string} text
 */
export function measure(text) {
  const signs = Array.from(text);
  const plain = signs.every((sign) => BASIC.has(sign) || EXTENDED.has(sign));
  const [alone, joined] = plain ? [160, 153] : [70, 67];
  const widths = signs.map((sign) => (plain ? (EXTENDED.has(sign) ? 2 : 1) : sign.length));
  const units = widths.reduce((sum, width) => sum + width, 0);
  if (units <= alone) return { parts: units ? 1 : 0, left: alone - units };
  let [parts, used] = [1, 0];
  for (const width of widths) {
    if (used + width > joined) [parts, used] = [parts + 1, 0];
    used += width;
  }
  return { parts, left: joined - used };
}
