import { type Place, SupervisorError } from "../errors.ts";

/** Where a definition and its options stand in the configuration. */
export interface DefinitionPlaces {
  readonly command: Place;
  /** By the option's name as written (`user`, `dir` …). */
  readonly options: Readonly<Record<string, Place>>;
}

/** The same error with the place of the option it is about added to its message (`…, at Caddyfile:4`). */
export function atPlace(error: SupervisorError, places: DefinitionPlaces | undefined): SupervisorError {
  if (places === undefined || error.place !== undefined) return error;
  const place = (error.option === undefined ? undefined : places.options[error.option]) ?? places.command;
  return new SupervisorError(error.code, `${error.message}, at ${place.file}:${place.line}`, {
    place,
    option: error.option,
    hint: error.hint,
    cause: error,
  });
}
