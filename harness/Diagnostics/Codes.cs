using System.Collections.Frozen;
using Harness.Kernels.Diagnostics;

namespace Harness.Diagnostics;

/// <summary>
/// The codes of failures of the program that a user can put right; those of models and devices are <see cref="KernelCodes"/>. A number is
/// never used twice. Ranges: 00xx manifest, 03xx data and prompts, 04xx running, 05xx results.
/// </summary>
public static class Codes
{
    // 00xx: the manifest
    public static readonly Diagnostic UnknownProperty = new(
        1,
        "unknown property",
        "A property of the manifest is not one that an experiment has.",
        "Correct the spelling; the message gives the nearest name.");

    public static readonly Diagnostic UnknownItem = new(
        2,
        "unknown item",
        "An item of the manifest is neither Pool, Strategy, Gate, Data, Train, Evaluation nor Law.",
        "Correct the spelling; the message gives the nearest name.");

    public static readonly Diagnostic UnknownMetadata = new(
        3,
        "unknown attribute",
        "An attribute of a Pool, Strategy, Gate, Data, Train, Evaluation or Law is not one that it has.",
        "Correct the spelling; the message gives the nearest name.");

    public static readonly Diagnostic UnknownStrategy = new(
        4,
        "unknown strategy",
        "No strategy of this name is registered.",
        "Use one of the names that `harness list strategies` prints.");

    public static readonly Diagnostic UnknownTask = new(
        5,
        "unknown task",
        "No task of this name is registered.",
        "Use one of the names that `harness list tasks` prints.");

    public static readonly Diagnostic UnknownPool = new(
        6,
        "unknown pool",
        "A strategy names a pool that the manifest does not define.",
        "Name one of the manifest's pools.");

    public static readonly Diagnostic BadValue = new(
        7,
        "wrong value",
        "A value can't be read as what its name asks for, or lies outside its range.",
        "Give a value of the kind and range that the message states.");

    public static readonly Diagnostic MissingValue = new(
        8,
        "missing value",
        "A property or attribute that has no default is absent.",
        "Add it to the manifest.");

    public static readonly Diagnostic DuplicateName = new(
        9,
        "duplicate name",
        "Two pools, or two strategies that would give the same rows, have the same name.",
        "Rename or remove one.");

    public static readonly Diagnostic MultiplierBeyondSamples = new(
        10,
        "multiplier beyond the pool",
        "A strategy's multiplier is larger than the samples of the pool that it reads.",
        "Raise Samples, or lower the multiplier.");

    public static readonly Diagnostic VoteWithoutUniqueAnswer = new(
        11,
        "vote on a task with many right answers",
        "Votes count equal answers, and this task's right answers differ from one another.",
        "Use coverage or best-of-n for it.");

    public static readonly Diagnostic BadManifest = new(
        12,
        "unreadable manifest",
        "The resolved manifest is not the JSON that Experiment.targets writes.",
        "Build the experiment again, or pass the path of a manifest.json.");

    public static readonly Diagnostic NoSuchExperiment = new(
        13,
        "no such experiment",
        "The argument is neither an experiment's folder nor a resolved manifest.",
        "Name a folder under results/ that holds NAME.proj, or a manifest.json.");

    public static readonly Diagnostic PrecisionNotExact = new(
        14,
        "precision is not exact",
        "An experiment's manifest asks for bf16, whose results are measured; the files of an experiment are exact.",
        "Use w8a8 or f32 in the manifest; `harness bench` and `harness precisions` measure bf16.");

    public static readonly Diagnostic RewrittenText = new(
        15,
        "text that MSBuild rewrites",
        "MSBuild would pass the text on as another one: it reads what nothing sets, is computed from text with backslashes or %XX, or is a "
        + "pattern of file names.",
        "Write the text out, or set the property that it reads; the message says which.");

    public static readonly Diagnostic UnknownEngine = new(
        16,
        "unknown engine",
        "No engine of this name is registered.",
        "Use one of the names that `harness list engines` prints.");

    public static readonly Diagnostic EngineUnable = new(
        17,
        "engine without an ability",
        "The experiment needs something of its engine that this one does not give, such as results that are the same on every machine.",
        "Use another engine, or leave out what needs it; the message says what it is.");

    public static readonly Diagnostic SearchInExperiment = new(
        18,
        "searching strategy in an experiment",
        "A strategy of the manifest generates for itself; experiments run functions of pools only, and have no file for such results.",
        "Leave the strategy out.");

    public static readonly Diagnostic MixedPools = new(
        19,
        "recorded and generated pools together",
        "Some pools of the manifest are recorded and others are not; an experiment either replays or generates.",
        "Make two experiments; a generated pool's samples.csv is a recording too (Format=\"samples\").");

    public static readonly Diagnostic GateNotShowable = new(
        20,
        "a gate that no result can pass",
        "So few problems leave an interval that is wider than the gate allows, whatever the results are.",
        "Give the pool as many problems as the message says, or the gate more room.");

    public static readonly Diagnostic TrainingUnable = new(
        21,
        "a model can't be trained so",
        "What the manifest says of a model to train does not fit together: its data, its batches, its context, its pools.",
        "Change what the message names.");

    // 03xx: data, prompts, tokens
    public static readonly Diagnostic DataNotFound = new(
        301,
        "data not found",
        "The task's file is not under the data folder.",
        "Set HARNESS_DATA, or -p:HarnessData=..., to the folder that holds it.");

    public static readonly Diagnostic DataCorrupt = new(
        302,
        "unreadable data",
        "A line of the data is not UTF-8, not JSON, or lacks a field; of a recorded file, a sample is there twice or is missing.",
        "Correct the line that the message names.");

    public static readonly Diagnostic TooFewProblems = new(
        303,
        "too few problems",
        "The data holds fewer problems than the pool asks for.",
        "Lower Problems.");

    public static readonly Diagnostic PromptNotFound = new(
        304,
        "prompt template not found",
        "Prompt is neither a template of the task nor a file.",
        "Use one of the names that the message lists, or a file's path.");

    public static readonly Diagnostic PromptTemplateBad = new(
        308,
        "wrong prompt template",
        "The template lacks {question}, or uses a placeholder that it does not have.",
        "Use {question} and, for few-shot, {examples}.");

    public static readonly Diagnostic RecordingLacks = new(
        310,
        "not in the recording",
        "A strategy or a verifier reads what the recorded file does not state: answers, texts, or tokens and log-probabilities.",
        "Name the field that holds it, give the pool a Task that reads answers from texts, or leave the strategy out.");

    // 04xx: running
    public static readonly Diagnostic AlreadyRunning = new(
        401,
        "already running",
        "Another process runs this experiment now.",
        "Wait for it, or stop it; its finished samples are kept.");

    public static readonly Diagnostic DiskFull = new(
        402,
        "disk full",
        "A file could not be written because the disk is full.",
        "Free space and run again; finished samples are kept.");

    public static readonly Diagnostic NotWritable = new(
        403,
        "folder not writable",
        "The results or artifacts folder can't be written.",
        "Give write permission, or copy the experiment elsewhere.");

    public static readonly Diagnostic Cancelled = new(
        404,
        "cancelled",
        "The run was interrupted.",
        "Run again; it resumes.");

    public static readonly Diagnostic TrainingDiverged = new(
        406,
        "training diverges",
        "The mean loss of 100 steps is above that of the first step: the model unlearns.",
        "Lower LearningRate, or give a longer Warmup or a smaller ClipNorm.");

    public static readonly Diagnostic NoRewardModel = new(
        407,
        "no reward model",
        "What a strategy names as its verifier is no model that was trained to judge answers, or reads another vocabulary.",
        "Name the folder of a model whose Data has Labels, made from the same Model; or a verifier of `harness list verifiers`.");

    public static readonly Diagnostic UsageError = new(
        405,
        "wrong command line",
        "An argument is missing or can't be read.",
        "See `harness COMMAND --help`.");

    // 05xx: results
    public static readonly Diagnostic ResultsDiffer = new(
        501,
        "results differ",
        "An exact file is not what today's code gives.",
        "If the change is intended, raise NumericsVersion and rebuild; else find what moved the first differing row.");

    public static readonly Diagnostic ResultsMissing = new(
        502,
        "no committed results",
        "The experiment has not been run, or a file of its results is missing.",
        "Build it, and commit its folder.");

    public static readonly Diagnostic ResultsCorrupt = new(
        503,
        "unreadable results",
        "A committed file is not what its run.json says.",
        "Restore it from version control, or rebuild.");

    public static readonly Diagnostic ReferenceDiffers = new(
        504,
        "model differs from its reference",
        "`harness check` found values outside their tolerance.",
        "See the printed differences.");

    public static readonly Diagnostic NoSuchSample = new(
        505,
        "no such sample",
        "The pool, problem or sample is not part of the experiment.",
        "Choose one that samples.csv lists.");

    public static readonly Diagnostic SkippedExperiment = new(
        506,
        "experiment skipped",
        "Its model or data is not on this machine.",
        "Set HARNESS_DATA to run it.");

    public static readonly Diagnostic UnsteadyMeasurement = new(
        511,
        "unsteady measurement",
        "Record was asked for, and at the middle batch size the fastest run was more than 1.5 times as fast as the slowest, or no run "
        + "ended in time: something else used the machine.",
        "Try again on a quiet machine; the results themselves are written.");

    public static readonly Diagnostic NothingToCompare = new(
        512,
        "nothing to compare",
        "The two measurements have no setting in common.",
        "Compare files that the same command made for one model on machines of one name.");

    public static readonly Diagnostic UnknownCommit = new(
        513,
        "no such commit",
        "What is to be compared is no commit, tag or branch of this repository, and no folder; or git can't read it.",
        "Name a commit, a tag, a branch, a folder of results, or worktree for the working tree.");

    public static readonly Diagnostic ShallowClone = new(
        514,
        "commit not in this shallow clone",
        "The repository was cloned without its history, and lacks the commit.",
        "Fetch it: `git fetch --unshallow`, or in a GitHub workflow `fetch-depth: 0` of actions/checkout.");

    public static readonly Diagnostic GateFails = new(
        519,
        "gate fails",
        "An experiment's results do not meet a condition of its manifest.",
        "Find what moved (`harness compare`), or change the gate.");

    public static readonly Diagnostic GateCannotTell = new(
        520,
        "gate cannot tell",
        "An experiment's results neither meet a condition of its manifest for sure nor miss it for sure.",
        "Do what the message says would tell; with Strict it is a failure.");

    public static readonly Diagnostic StaleResults = new(
        521,
        "stale results",
        "An experiment's committed results were made of another manifest, model, data or program, or a table is not what run.json says.",
        "Run `dotnet build results/NAME`, and commit what it writes: until then none of its gates can tell.");

    public static readonly Diagnostic ReferenceUnreadable = new(
        507,
        "unreadable reference",
        "The reference file is none of the known formats.",
        "See docs/reference-files.md.");

    /// <summary>Every code of this class, by its printed form (<c>HRN0007</c>).</summary>
    public static FrozenDictionary<string, Diagnostic> All { get; } = Diagnostic.Of(typeof(Codes));
}
