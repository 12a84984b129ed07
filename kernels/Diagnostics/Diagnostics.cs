using System.Collections.Frozen;
using System.Reflection;

namespace Harness.Kernels.Diagnostics;

/// <summary>
/// Every code that the product prints for a failure that its user can mend. Numbers are never reused.
/// Ranges: 00xx manifest, 01xx placement and environment, 02xx model files, 03xx data and prompts, 04xx running, 05xx results.
/// </summary>
public static class Codes
{
    // 00xx: the manifest
    public static readonly Diagnostic UnknownProperty = new(1, "unknown property", "A property of the manifest is not one that an experiment has.", "Correct the spelling; the message gives the nearest name.");
    public static readonly Diagnostic UnknownItem = new(2, "unknown item", "An item of the manifest is neither Pool nor Strategy.", "Correct the spelling; the message gives the nearest name.");
    public static readonly Diagnostic UnknownMetadata = new(3, "unknown attribute", "An attribute of a Pool or Strategy is not one that it has.", "Correct the spelling; the message gives the nearest name.");
    public static readonly Diagnostic UnknownStrategy = new(4, "unknown strategy", "No strategy of this name is registered.", "Use one of the names that `harness list strategies` prints.");
    public static readonly Diagnostic UnknownTask = new(5, "unknown task", "No task of this name is registered.", "Use one of the names that `harness list tasks` prints.");
    public static readonly Diagnostic UnknownPool = new(6, "unknown pool", "A strategy names a pool that the manifest does not define.", "Name one of the manifest's pools.");
    public static readonly Diagnostic BadValue = new(7, "wrong value", "A value can't be read as what its name asks for, or lies outside its range.", "Give a value of the kind and range that the message states.");
    public static readonly Diagnostic MissingValue = new(8, "missing value", "A property or attribute that has no default is absent.", "Add it to the manifest.");
    public static readonly Diagnostic DuplicateName = new(9, "duplicate name", "Two pools, or two strategies that would give the same rows, bear one name.", "Rename or remove one.");
    public static readonly Diagnostic MultiplierBeyondSamples = new(10, "multiplier beyond the pool", "A strategy's multiplier is larger than the samples of the pool that it reads.", "Raise Samples, or lower the multiplier.");
    public static readonly Diagnostic VoteWithoutUniqueAnswer = new(11, "vote on a task with many right answers", "Votes count equal answers, and this task's right answers differ from one another.", "Use coverage or best-of-n for it.");
    public static readonly Diagnostic BadManifest = new(12, "unreadable manifest", "The resolved manifest is not the JSON that Experiment.targets writes.", "Build the experiment again, or pass the path of a manifest.json.");
    public static readonly Diagnostic NoSuchExperiment = new(13, "no such experiment", "The argument is neither an experiment's folder nor a resolved manifest.", "Name a folder under results/ that holds NAME.proj, or a manifest.json.");
    public static readonly Diagnostic PrecisionNotExact = new(14, "precision is not exact", "An experiment's manifest asks for bf16, whose results are measured; the files of an experiment are exact.", "Use w8a8 or f32 in the manifest; `harness bench` and `harness precisions` measure bf16.");

    // 01xx: placement and environment
    public static readonly Diagnostic BadPlacement = new(101, "wrong placement", "Device, Threads, Batch, Isa or Memory has a value that this machine can't give.", "Choose one that `harness doctor` lists.");
    public static readonly Diagnostic NoCuda = new(102, "no CUDA device", "Device=cuda was asked for, and no usable CUDA driver or device is present.", "Install the NVIDIA driver, or use Device=cpu.");
    public static readonly Diagnostic MemoryBudget = new(103, "memory budget too small", "The stated memory holds neither the model nor one sample of it.", "Raise Memory to at least what the message states.");

    public static readonly Diagnostic DeviceMemory = new(104, "device memory exhausted", "The GPU has less memory free than what was asked for.", "Lower Memory or Batch, use a smaller model, or end the other processes that `nvidia-smi` lists.");
    public static readonly Diagnostic CudaDriverTooOld = new(105, "CUDA driver too old", "The NVIDIA driver does not take the PTX that the kernels are compiled to.", "Install a driver of CUDA 12 or later (`nvidia-smi` prints its version).");
    public static readonly Diagnostic CudaDeviceTooOld = new(106, "GPU too old", "The GPU's compute capability is below 8.0.", "Use a GPU of compute capability 8.0 or higher (Ampere and later), or Device=cpu.");
    public static readonly Diagnostic KernelRejected = new(107, "kernel not loaded", "The driver refused a kernel's PTX, or can't compile it; the message has its log.", "Build again; if CUDA_DISABLE_PTX_JIT is set, unset it; a newer driver may help.");
    public static readonly Diagnostic KernelLaunch = new(108, "kernel not started", "The driver refused a launch: its shape or its needs exceed what the GPU has.", "Report it with the message and the GPU's name; Device=cpu gives the same results.");
    public static readonly Diagnostic KernelFault = new(109, "kernel failed", "A kernel broke off on the GPU: an address out of bounds, a time limit of the display, or faulty hardware. Nothing more can be done in this process.", "Run again, it resumes; with HARNESS_CUDA_SYNC=1 the failing kernel is named exactly. Report it with that message.");
    public static readonly Diagnostic DeviceLost = new(110, "GPU lost", "The GPU is in use by another process alone, has a hardware error, or was reset.", "See `nvidia-smi` and the system's log; run again when the GPU is well, and finished samples are kept.");
    public static readonly Diagnostic CudaCall = new(111, "CUDA call failed", "A call of the CUDA driver failed for a reason that has no code of its own.", "See the call and its result in the message, in NVIDIA's CUDA Driver API reference.");
    public static readonly Diagnostic PrecisionNeedsGpu = new(112, "precision of GPUs only", "Precision bf16 was asked for on the CPU, which has no form of it.", "Use Device=cuda, or Precision w8a8 or f32.");

    // 02xx: model files
    public static readonly Diagnostic ModelNotFound = new(201, "model not found", "Nothing lies at the model's path, under the manifest's folder or under the data folder.", "Correct Model, or set HARNESS_DATA to the folder that holds it.");
    public static readonly Diagnostic ModelFormat = new(202, "not a model file", "The file is neither GGUF nor a Hugging Face folder with config.json and safetensors.", "Point Model at one of these.");
    public static readonly Diagnostic ModelCorrupt = new(203, "corrupt model file", "The file contradicts itself: an offset, count, size or nesting that its length can't hold.", "Fetch the file again and compare its checksum.");
    public static readonly Diagnostic ArchitectureUnsupported = new(204, "unsupported architecture", "The model's architecture, or a feature that it names, is not implemented.", "See README for the models that run.");
    public static readonly Diagnostic BlockTypeUnsupported = new(205, "unsupported tensor type", "A tensor's element type or block format is not implemented.", "Convert the model to one of the listed types.");
    public static readonly Diagnostic TensorMissing = new(206, "missing or misshapen tensor", "A tensor that the architecture needs is absent, or its shape differs from the configuration.", "Fetch or convert the model again.");
    public static readonly Diagnostic TokenizerUnsupported = new(207, "unsupported tokenizer", "The tokenizer's model, pre-tokenizer or normalizer is not implemented.", "See README for the tokenizers that run.");
    public static readonly Diagnostic TokenizerCorrupt = new(208, "corrupt tokenizer", "The tokenizer's vocabulary or merges contradict themselves or the model.", "Fetch the tokenizer's files again.");
    public static readonly Diagnostic ChatTemplateUnsupported = new(209, "unsupported chat template", "The chat template uses a construct that is not implemented.", "Use a plain prompt (Chat=false), or report the construct that the message names.");
    public static readonly Diagnostic SyntheticModel = new(210, "wrong synthetic model", "A synthetic: model names an unknown shape or parameter.", "Write synthetic:135m (`harness list models` prints the names), synthetic:135m?layers=4, or synthetic:llama?d=576&layers=30&heads=9&kv=3&ffn=1536&vocab=49152.");
    public static readonly Diagnostic WeightsNotFinite = new(211, "weights are not finite", "A weight, or an activation computed from the weights, is NaN or infinite.", "Fetch or train the model again.");

    // 03xx: data, prompts, tokens
    public static readonly Diagnostic DataNotFound = new(301, "data not found", "The task's file is not under the data folder.", "Set HARNESS_DATA, or -p:HarnessData=..., to the folder that holds it.");
    public static readonly Diagnostic DataCorrupt = new(302, "unreadable data", "A line of the data is not UTF-8, not JSON, or lacks a field.", "Mend the line that the message names.");
    public static readonly Diagnostic TooFewProblems = new(303, "too few problems", "The data holds fewer problems than the pool asks for.", "Lower Problems.");
    public static readonly Diagnostic PromptNotFound = new(304, "prompt template not found", "Prompt is neither a template of the task nor a file.", "Use one of the names that the message lists, or a file's path.");
    public static readonly Diagnostic PromptTooLong = new(305, "prompt longer than the context", "The prompt with its answer does not fit the model's context.", "Shorten the prompt, or lower MaxTokens.");
    public static readonly Diagnostic TokenOutsideVocabulary = new(306, "token outside the vocabulary", "A token id is negative or not below the model's vocabulary.", "Use the tokenizer that belongs to the model.");
    public static readonly Diagnostic WordOutsideVocabulary = new(307, "word outside the vocabulary", "A WordLevel tokenizer without an unknown token met a word that it does not hold.", "Write prompts in the model's own words.");
    public static readonly Diagnostic PromptTemplateBad = new(308, "wrong prompt template", "The template lacks {question}, or uses a placeholder that it does not have.", "Use {question} and, for few-shot, {examples}.");

    // 04xx: running
    public static readonly Diagnostic AlreadyRunning = new(401, "already running", "Another process runs this experiment now.", "Wait for it, or stop it; its finished samples are kept.");
    public static readonly Diagnostic DiskFull = new(402, "disk full", "A file could not be written for want of space.", "Free space and run again; finished samples are kept.");
    public static readonly Diagnostic NotWritable = new(403, "folder not writable", "The results or artifacts folder refuses writing.", "Give write permission, or copy the experiment elsewhere.");
    public static readonly Diagnostic Cancelled = new(404, "cancelled", "The run was interrupted.", "Run again; it resumes.");
    public static readonly Diagnostic UsageError = new(405, "wrong command line", "An argument is missing or can't be read.", "See `harness COMMAND --help`.");

    // 05xx: results
    public static readonly Diagnostic ResultsDiffer = new(501, "results differ", "An exact file is not what today's code gives.", "If the change is meant, raise NumericsVersion and rebuild; else find what moved the first differing row.");
    public static readonly Diagnostic ResultsMissing = new(502, "no committed results", "The experiment has not been run, or a file of its results is missing.", "Build it, and commit its folder.");
    public static readonly Diagnostic ResultsCorrupt = new(503, "unreadable results", "A committed file is not what its run.json says.", "Restore it from version control, or rebuild.");
    public static readonly Diagnostic ReferenceDiffers = new(504, "model differs from its reference", "`harness check` found values outside their tolerance.", "See the printed differences.");
    public static readonly Diagnostic NoSuchSample = new(505, "no such sample", "The pool, problem or sample is not part of the experiment.", "Choose one that samples.csv lists.");
    public static readonly Diagnostic SkippedExperiment = new(506, "experiment skipped", "Its model or data is not on this machine.", "Set HARNESS_DATA to run it.");
    public static readonly Diagnostic ReferenceUnreadable = new(507, "unreadable reference", "The reference file is none of the known formats.", "See docs/reference-files.md.");
    public static readonly Diagnostic UnsteadyMeasurement = new(511, "unsteady measurement", "Record was asked for, and at the middle batch size the fastest run was more than 1.5 times as fast as the slowest, or no run ended in time: something else used the machine.", "Try again on a quiet machine; the results themselves are written.");
    public static readonly Diagnostic NothingToCompare = new(512, "nothing to compare", "The two measurements have no setting in common.", "Compare files that the same command made for one model on machines of one name.");

    /// <summary>Every diagnostic, by its code (`HRN0007`).</summary>
    public static FrozenDictionary<string, Diagnostic> All { get; } = typeof(Codes)
        .GetFields(BindingFlags.Public | BindingFlags.Static)
        .Where(field => field.FieldType == typeof(Diagnostic))
        .Select(field => (Diagnostic)field.GetValue(null)!)
        .ToFrozenDictionary(diagnostic => diagnostic.Code, StringComparer.OrdinalIgnoreCase);
}
