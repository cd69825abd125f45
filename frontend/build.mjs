// Builds static/css/portal.css, static/js/*.js and copies the fonts.
// The same sources and package-lock.json give the same bytes: nothing here depends on time, place or machine.
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";
import * as sass from "sass";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "..");
const modules = join(root, "node_modules");
const json = (path) => JSON.parse(readFileSync(path, "utf8"));
const portal = json(join(root, "package.json")).version;
const govuk = json(join(modules, "govuk-frontend/package.json")).version;
const own = (name) => `/*! ${name} ${portal}, IMPACT portal, MIT licence. */\n`;
const withGovuk = (name) =>
  own(name).replace(" */", ` Contains govuk-frontend ${govuk}, Copyright (c) Crown copyright, MIT licence. */`);

function buildStyles() {
  // govuk-frontend mixes its palette into components where no setting reaches,
  // so the styles are compiled from a copy whose palette is ours.
  const copy = mkdtempSync(join(tmpdir(), "portal-sass-"));
  try {
    cpSync(join(modules, "govuk-frontend/dist/govuk"), join(copy, "govuk"), {
      recursive: true,
      filter: (source) => !/\.(m?js|map|css|njk|png|svg|woff2?)$/.test(source),
    });
    cpSync(join(root, "frontend/sass"), join(copy, "portal"), { recursive: true });
    cpSync(join(root, "frontend/sass/_palette.scss"), join(copy, "govuk/settings/_colours-palette--internal.scss"));
    const { css } = sass.compile(join(copy, "portal/portal.scss"), {
      style: "compressed",
      loadPaths: [copy],
      charset: false,
      quietDeps: true,
    });
    mkdirSync(join(root, "static/css"), { recursive: true });
    writeFileSync(join(root, "static/css/portal.css"), withGovuk("portal.css") + css.trim() + "\n");
  } finally {
    rmSync(copy, { recursive: true });
  }
}

function buildScripts() {
  const common = {
    bundle: true,
    minify: true,
    target: "es2020",
    legalComments: "none",
    charset: "ascii",
    absWorkingDir: root,
    nodePaths: [modules],
  };
  const scripts = [
    ["answers", "esm", own],
    ["boot", "iife", own],
    ["portal", "esm", withGovuk],
    ["scoring", "esm", own],
  ];
  for (const [name, format, notice] of scripts) {
    esbuild.buildSync({
      ...common,
      format,
      entryPoints: [`frontend/js/${name}.js`],
      outfile: `static/js/${name}.js`,
      banner: { js: notice(`${name}.js`).trim() },
    });
  }
}

function copyFonts() {
  const from = join(modules, "@fontsource/atkinson-hyperlegible");
  const to = join(root, "static/fonts");
  mkdirSync(to, { recursive: true });
  for (const subset of ["latin", "latin-ext"]) {
    for (const weight of ["400", "700"]) {
      const file = `atkinson-hyperlegible-${subset}-${weight}-normal.woff2`;
      cpSync(join(from, "files", file), join(to, file));
    }
  }
  cpSync(join(from, "LICENSE"), join(to, "LICENSE-atkinson-hyperlegible.txt"));
}

buildStyles();
buildScripts();
copyFonts();
