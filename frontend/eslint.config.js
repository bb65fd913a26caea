import { readdirSync } from "node:fs";
import js from "@eslint/js";
import hooks from "eslint-plugin-react-hooks";
import globals from "globals";
import tseslint from "typescript-eslint";

// ui, lib, api ← features ← app (STYLE §9). Folders meet only through "@/…", so the patterns below see every crossing.
const upwards = { group: ["../*"], message: "Cross folders through @/…, so that the layer rules see it." };
const layer = (files, ...patterns) => ({
  files,
  rules: { "no-restricted-imports": ["error", { patterns: [upwards, ...patterns] }] },
});
const features = readdirSync(new URL("./src/features", import.meta.url));

export default tseslint.config(
  { ignores: ["dist", "src/api/schema.d.ts", "src/app/route-tree.gen.ts", "playwright-report", "test-results"] },
  js.configs.recommended,
  ...tseslint.configs.recommended,
  { files: ["*.js"], languageOptions: { globals: globals.node } },
  {
    files: ["**/*.{ts,tsx}"],
    languageOptions: { globals: { ...globals.browser } },
    plugins: { "react-hooks": hooks },
    rules: {
      "react-hooks/rules-of-hooks": "error",
      "react-hooks/exhaustive-deps": "error",
      "@typescript-eslint/no-explicit-any": "error",
      "@typescript-eslint/consistent-type-imports": "error",
      eqeqeq: ["error", "always", { null: "ignore" }],
      "no-console": "error",
    },
  },
  layer(["src/lib/**"], {
    group: ["@/ui/**", "@/api/**", "@/features/**", "@/app/**"],
    message: "lib is pure: it imports no other layer.",
  }),
  layer(["src/api/**"], {
    group: ["@/ui/**", "@/features/**", "@/app/**"],
    message: "api knows only the contract.",
  }),
  layer(["src/ui/**"], {
    group: ["@/features/**", "@/app/**"],
    message: "ui knows no domain.",
  }),
  ...features.map((feature) =>
    layer(
      [`src/features/${feature}/**`],
      { group: ["@/app/**"], message: "A feature does not know the app that composes it." },
      {
        group: ["@/features/*", `!@/features/${feature}`],
        message: "Features do not import each other; a route composes them.",
      },
    ),
  ),
);
