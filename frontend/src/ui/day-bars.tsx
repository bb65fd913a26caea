/** One bar a day from zero, its parts stacked; the sentence above and the list beside it are the caller's. */
import { type Part, fillOf } from "./state-bar";
import classes from "./day-bars.module.css";

type Day = { on: string; values: readonly number[] };

type Props = {
  days: readonly Day[];
  /** The parts of a bar, from the bottom up. */
  series: readonly Pick<Part, "label" | "tone">[];
  reading: string;
  dayWords: (day: string) => string;
  valueWords: (value: number) => string;
  height?: number;
  /** The last day is not over: its bar is hatched. */
  isLastOpen?: boolean;
};

export function DayBars({ days, series, reading, dayWords, valueWords, height = 96, isLastOpen }: Props) {
  const top = niceTop(Math.max(...days.map(({ values }) => sum(values)), 0));
  const [first, middle, last] = [days[0], days[Math.floor((days.length - 1) / 2)], days.at(-1)];
  if (!first || !middle || !last) return null;
  return (
    <figure className={classes.figure} role="img" aria-label={reading}>
      <div className={classes.scale} style={{ height }} aria-hidden>
        <span>{valueWords(top)}</span>
        <span>{valueWords(0)}</span>
      </div>
      <div className={classes.plot} style={{ height }} aria-hidden>
        {days.map((day) => (
          <span
            key={day.on}
            className={classes.day}
            data-open={(isLastOpen && day === last) || undefined}
            title={[dayWords(day.on), ...series.map(({ label }, index) => `${label}: ${valueWords(day.values[index] ?? 0)}`)].join(" · ")}
          >
            {series.map(({ label, tone }, index) => {
              const value = day.values[index] ?? 0;
              return value > 0 && <i key={label} style={{ height: `${(value / top) * 100}%`, background: fillOf(tone) }} />;
            })}
          </span>
        ))}
      </div>
      <div className={classes.days} aria-hidden>
        {days.length > 2 ? [first, middle, last].map((day) => <span key={day.on}>{dayWords(day.on)}</span>) : <span>{dayWords(last.on)}</span>}
      </div>
    </figure>
  );
}

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

/** The next round number: 1, 2 or 5 times a power of ten. */
function niceTop(value: number): number {
  if (value <= 1) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map((step) => step * power).find((step) => step >= value) ?? value;
}
