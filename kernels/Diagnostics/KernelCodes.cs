using System.Collections.Frozen;

namespace Harness.Kernels.Diagnostics;

/// <summary>
/// The codes of failures that a user of the compute library can put right: placement, devices, model files and prompts. A number is never
/// used twice, here or by the program that uses the library. Ranges: 01xx placement and environment, 02xx model files, 03xx prompts and
/// tokens, 06xx training.
/// </summary>
public static class KernelCodes
{
    // 01xx: placement and environment
    public static readonly Diagnostic BadPlacement = new(
        101,
        "wrong placement",
        "Device, Threads, Batch, Isa or Memory has a value that this machine can't give.",
        "Choose one that `harness doctor` lists.");

    public static readonly Diagnostic NoCuda = new(
        102,
        "no CUDA device",
        "Device=cuda was asked for, and no usable CUDA driver or device is present.",
        "Install the NVIDIA driver, or use Device=cpu.");

    public static readonly Diagnostic MemoryBudget = new(
        103,
        "memory budget too small",
        "The stated memory holds neither the model nor one sample of it.",
        "Raise Memory to at least what the message states.");

    public static readonly Diagnostic DeviceMemory = new(
        104,
        "device memory exhausted",
        "The GPU has less memory free than what was asked for.",
        "Lower Memory or Batch, use a smaller model, or end the other processes that `nvidia-smi` lists.");

    public static readonly Diagnostic CudaDriverTooOld = new(
        105,
        "CUDA driver too old",
        "The NVIDIA driver does not take the PTX that the kernels are compiled to.",
        "Install a driver of CUDA 12 or later (`nvidia-smi` prints its version).");

    public static readonly Diagnostic CudaDeviceTooOld = new(
        106,
        "GPU too old",
        "The GPU's compute capability is below 8.0.",
        "Use a GPU of compute capability 8.0 or higher (Ampere and later), or Device=cpu.");

    public static readonly Diagnostic KernelRejected = new(
        107,
        "kernel not loaded",
        "The driver refused a kernel's PTX, or can't compile it; the message has its log.",
        "Build again; if CUDA_DISABLE_PTX_JIT is set, unset it; a newer driver may help.");

    public static readonly Diagnostic KernelLaunch = new(
        108,
        "kernel not started",
        "The driver refused a launch: its shape or its needs exceed what the GPU has.",
        "Report it with the message and the GPU's name; Device=cpu gives the same results.");

    public static readonly Diagnostic KernelFault = new(
        109,
        "kernel failed",
        "A kernel broke off on the GPU: an address out of bounds, a time limit of the display, or faulty hardware. Nothing more can be "
        + "done in this process.",
        "Run again, it resumes; with HARNESS_CUDA_SYNC=1 the failing kernel is named exactly. Report it with that message.");

    public static readonly Diagnostic DeviceLost = new(
        110,
        "GPU lost",
        "The GPU is in use by another process alone, has a hardware error, or was reset.",
        "See `nvidia-smi` and the system's log; run again when the GPU is well, and finished samples are kept.");

    public static readonly Diagnostic CudaCall = new(
        111,
        "CUDA call failed",
        "A call of the CUDA driver failed for a reason that has no code of its own.",
        "See the call and its result in the message, in NVIDIA's CUDA Driver API reference.");

    public static readonly Diagnostic PrecisionNeedsGpu = new(
        112,
        "precision of GPUs only",
        "Precision bf16 was asked for on the CPU, which has no form of it.",
        "Use Device=cuda, or Precision w8a8 or f32.");

    // 02xx: model files
    public static readonly Diagnostic ModelNotFound = new(
        201,
        "model not found",
        "Nothing lies at the model's path, and nothing at that path under the data folder.",
        "Correct Model, or set HARNESS_DATA to the folder that holds it.");

    public static readonly Diagnostic ModelFormat = new(
        202,
        "not a model file",
        "The file is neither GGUF nor a Hugging Face folder with config.json and safetensors.",
        "Point Model at one of these.");

    public static readonly Diagnostic ModelCorrupt = new(
        203,
        "corrupt model file",
        "The file contradicts itself: an offset, count, size or nesting that its length can't hold.",
        "Fetch the file again and compare its checksum.");

    public static readonly Diagnostic ArchitectureUnsupported = new(
        204,
        "unsupported architecture",
        "The model's architecture, or a feature that it names, is not implemented.",
        "See README for the models that run.");

    public static readonly Diagnostic BlockTypeUnsupported = new(
        205,
        "unsupported tensor type",
        "A tensor's element type or block format is not implemented.",
        "Convert the model to one of the listed types.");

    public static readonly Diagnostic TensorMissing = new(
        206,
        "missing or misshapen tensor",
        "A tensor that the architecture needs is absent, or its shape differs from the configuration.",
        "Fetch or convert the model again.");

    public static readonly Diagnostic TokenizerUnsupported = new(
        207,
        "unsupported tokenizer",
        "The tokenizer's model, pre-tokenizer or normalizer is not implemented.",
        "See README for the tokenizers that run.");

    public static readonly Diagnostic TokenizerCorrupt = new(
        208,
        "corrupt tokenizer",
        "The tokenizer's vocabulary or merges contradict themselves or the model.",
        "Fetch the tokenizer's files again.");

    public static readonly Diagnostic ChatTemplateUnsupported = new(
        209,
        "unsupported chat template",
        "The chat template uses a construct that is not implemented.",
        "Use a plain prompt (Chat=false), or report the construct that the message names.");

    public static readonly Diagnostic SyntheticModel = new(
        210,
        "wrong synthetic model",
        "A synthetic: model names an unknown shape or parameter.",
        "Write synthetic:135m (`harness list models` prints the names), synthetic:135m?layers=4, or "
        + "synthetic:llama?d=576&layers=30&heads=9&kv=3&ffn=1536&vocab=49152.");

    public static readonly Diagnostic WeightsNotFinite = new(
        211,
        "weights are not finite",
        "A weight, an activation computed from the weights, or a logit over the temperature is NaN or infinite.",
        "Fetch or train the model again.");

    public static readonly Diagnostic DateNotStated = new(
        212,
        "date not stated",
        "The chat template writes the day's date, and what a model is asked must not depend on the day.",
        "State the date in the Pool, Date=\"2024-07-26\" (`--date` of `harness generate`), or use a plain prompt (Chat=false).");

    public static readonly Diagnostic ModelNotWritten = new(
        213,
        "model not written",
        "A file of a model or of a training can't be written: the folder is absent or read-only, or the disk is full.",
        "Make room, or write elsewhere.");

    // 03xx: data, prompts, tokens
    public static readonly Diagnostic PromptTooLong = new(
        305,
        "prompt longer than the context",
        "The prompt with its answer does not fit the model's context.",
        "Shorten the prompt, or lower MaxTokens.");

    public static readonly Diagnostic TokenOutsideVocabulary = new(
        306,
        "token outside the vocabulary",
        "A token id is negative or not below the model's vocabulary.",
        "Use the tokenizer that belongs to the model.");

    public static readonly Diagnostic WordOutsideVocabulary = new(
        307,
        "word outside the vocabulary",
        "A WordLevel tokenizer without an unknown token met a word that it does not hold.",
        "Write prompts in the model's own words.");

    public static readonly Diagnostic EmptyPrompt = new(
        309,
        "empty prompt",
        "A prompt has no tokens, and an answer is drawn after at least one.",
        "Write a prompt, or a template, that is not empty.");

    // 06xx: training
    public static readonly Diagnostic TrainingNotFinite = new(
        601,
        "training not finite",
        "The loss or the norm of the gradients of a step is NaN or infinite.",
        "Go on from the last good state with a lower learning rate, a longer warm-up or a smaller clipping norm.");

    public static readonly Diagnostic TrainingState = new(
        602,
        "no state to resume from",
        "The file of a training's state is absent, damaged, or of another run or model.",
        "Name the run's own file, or delete it to begin anew.");

    /// <summary>Every code of this class, by its printed form (<c>HRN0007</c>).</summary>
    public static FrozenDictionary<string, Diagnostic> All { get; } = Diagnostic.Of(typeof(KernelCodes));
}
