import type { Install } from "../program.js";
import { installAdapt } from "./adapt.js";
import { installAgreement } from "./agreement.js";
import { installCalibrate } from "./calibrate.js";
import { installDataset } from "./dataset/index.js";
import { installDemo } from "./demo.js";
import { installDoctor } from "./doctor.js";
import { installEvaluate } from "./evaluate.js";
import { installFeatures } from "./features.js";
import { installJobs } from "./jobs/index.js";
import { installKb } from "./kb/index.js";
import { installLink } from "./link.js";
import { installModels } from "./models.js";
import { installOpen } from "./open.js";
import { installRecommend } from "./recommend.js";
import { installRelink } from "./relink.js";
import { installServe } from "./serve.js";
import { installTrain } from "./train.js";
import { installWorker } from "./worker.js";

export const installs: readonly Install[] = [
  installDemo,
  installOpen,
  installKb,
  installLink,
  installRelink,
  installJobs,
  installWorker,
  installEvaluate,
  installAgreement,
  installRecommend,
  installDataset,
  installFeatures,
  installTrain,
  installCalibrate,
  installAdapt,
  installModels,
  installServe,
  installDoctor,
];
