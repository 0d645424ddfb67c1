/** The proleptic Gregorian calendar on plain numbers: days count from 1970-01-01, months from 1. */

const daysPer400Years = 146_097;
/** Days from 0000-03-01, where the arithmetic starts, to 1970-01-01. */
const marchZeroToUnix = 719_468;

export interface CivilDate {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
}

export const monthNames = [
  "January",
  "February",
  "March",
  "April",
  "May",
  "June",
  "July",
  "August",
  "September",
  "October",
  "November",
  "December",
] as const;

export const weekdayNames = [
  "Sunday",
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
] as const;

export function isLeapYear(year: number): boolean {
  return year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0);
}

/** Days in a month, 1 to 12. */
export function daysInMonth(month: number, year: number): number {
  if (month === 2) return isLeapYear(year) ? 29 : 28;
  return [4, 6, 9, 11].includes(month) ? 30 : 31;
}

/** Days since 1970-01-01. A month outside 1 to 12 moves the year, a day outside its month moves on. */
export function daysFromCivil(year: number, month: number, day: number): number {
  const monthIndex = year * 12 + month - 1;
  const wholeYear = Math.floor(monthIndex / 12);
  const calendarMonth = monthIndex - wholeYear * 12;
  // Counting years from March puts the leap day last, so that month lengths repeat every five months.
  const marchYear = calendarMonth < 2 ? wholeYear - 1 : wholeYear;
  const marchMonth = (calendarMonth + 10) % 12;
  const era = Math.floor(marchYear / 400);
  const yearOfEra = marchYear - era * 400;
  const dayOfEra =
    yearOfEra * 365 +
    Math.floor(yearOfEra / 4) -
    Math.floor(yearOfEra / 100) +
    Math.floor((153 * marchMonth + 2) / 5) +
    day -
    1;
  return era * daysPer400Years + dayOfEra - marchZeroToUnix;
}

/** The date of a day count. */
export function civilFromDays(days: number): CivilDate {
  const shifted = days + marchZeroToUnix;
  const era = Math.floor(shifted / daysPer400Years);
  const dayOfEra = shifted - era * daysPer400Years;
  const yearOfEra = Math.floor(
    (dayOfEra -
      Math.floor(dayOfEra / 1460) +
      Math.floor(dayOfEra / 36_524) -
      Math.floor(dayOfEra / 146_096)) /
      365,
  );
  const dayOfYear = dayOfEra - (yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const marchMonth = Math.floor((5 * dayOfYear + 2) / 153);
  const month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9;
  return {
    year: era * 400 + yearOfEra + (month <= 2 ? 1 : 0),
    month,
    day: dayOfYear - Math.floor((153 * marchMonth + 2) / 5) + 1,
  };
}

/** Days of the year that precede a month. */
export function daysBeforeMonth(month: number, year: number): number {
  return daysFromCivil(year, month, 1) - daysFromCivil(year, 1, 1);
}

/** 1 for January 1st. */
export function dayOfYear({ year, month, day }: CivilDate): number {
  return daysBeforeMonth(month, year) + day;
}

/** 0 for Sunday. */
export function weekdayOfDays(days: number): number {
  return (((days + 4) % 7) + 7) % 7;
}
