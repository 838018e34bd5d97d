/**
 * Camera manufacturers: those with maker notes in ExifTool (lib/Image/ExifTool/MakerNotes.pm), and Agfa, Polaroid,
 * Toshiba and Vivitar.
 */
const MAKERS =
  "agfa|apple|canon|casio|dji|epson|fuji|fujifilm|ge|gopro|hp|jvc|kodak|konica|konica minolta|kyocera|leica|minolta|" +
  "motorola|nikon|olympus|panasonic|pentax|polaroid|ricoh|samsung|sanyo|sigma|sony|toshiba|vivitar";

/**
 * Matches texts that cameras write as the description. Based on the filters of gThumb
 * (extensions/exiv2_tools/exiv2-utils.cpp) and PhotoPrism (internal/meta).
 */
const CAMERA = new RegExp(
  `^(?:(?:${MAKERS}) )?(?:digital (?:still |video )?camera|dsc|camera pictures)$|^exif[_ ]jpeg[_ ]picture$`,
);

/**
 * Matches folder names according to DCF (JEITA CP-3461): `DCIM`, and the names of its subfolders, which have three
 * digits and five characters, such as `100CANON`.
 */
const FOLDER = /^(?:DCIM|[1-9]\d\d[A-Z_][A-Z0-9_]{4})$/;

/**
 * Matches file names according to DCF: four characters that are not all digits, and then four digits, such as
 * `DSC_0123`.
 */
const DCF_NAME = /^(?=\d{0,3}[A-Z_])[A-Z0-9_]{4}\d{4}$/;

/**
 * File names that cameras and phones use outside DCF, such as `IMG-20190714-WA0003`, `PXL_20230101_123456789` or
 * `dsc01234`.
 */
const OTHER_NAME =
  /^_?(?:cimg|dji|dscf?|dscn|gopr|hpim|img|imgp|image|mg|mvi|mvimg|pano|photo|pict|pxl|sam|screenshot|sdc|snc|vid|wp)[-_]?\d{3,}(?:[-_.][a-z]{0,2}\d+)*$/i;

const EXTENSION = /\.(?:jpe?g|tiff?|png|heic|webp|avif|dng|cr[23]|nef|arw|orf|raf|rw2|mp4|mov)$/i;

interface Camera {
  readonly make?: string | undefined;
  readonly model?: string | undefined;
}

/**
 * Returns whether a text was written by a camera and not by a person. Cameras write their own name (such as "OLYMPUS
 * DIGITAL CAMERA", or the make and model), or the name or path of a file on the memory card.
 */
export function isCameraText(text: string, camera: Camera = {}): boolean {
  const folded = foldedText(text);
  if (folded === "") return false;
  const { make = "", model = "" } = camera;
  return (
    CAMERA.test(folded) ||
    [make, model, `${make} ${model}`].some((name) => foldedText(name) === folded) ||
    isCardPath(text.trim())
  );
}

const foldedText = (text: string): string => text.toLowerCase().replace(/\s+/g, " ").trim();

function isCardPath(text: string): boolean {
  const names = text.split(/[\\/]/).filter((name) => name !== "");
  return names.length > 0 && names.every(isCardName);
}

function isCardName(name: string): boolean {
  const stem = name.replace(EXTENSION, "");
  return FOLDER.test(stem) || DCF_NAME.test(stem) || OTHER_NAME.test(stem);
}
