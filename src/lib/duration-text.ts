/** A duration for people, rounded up: seconds, minutes from 90 s on, hours from 90 min on, days from 72 h on. */
export function durationText(seconds: number): string {
  const whole = Math.ceil(seconds);
  if (whole < 90) return `${whole} s`;
  if (whole < 5400) return `${Math.ceil(whole / 60)} min`;
  if (whole < 72 * 3600) return `${Math.ceil(whole / 3600)} h`;
  return `${Math.ceil(whole / 86_400).toLocaleString('en')} days`;
}
