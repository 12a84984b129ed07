using Harness.Kernels;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Kernels.Diagnostics;

namespace Harness.Engines.Kernels;

/// <summary>A checkpoint, run by the project's own kernels.</summary>
sealed class KernelModel(Checkpoint checkpoint) : IEngineModel, INextLogits, IReadsTexts
{
    public string ContentHash => checkpoint.ContentHash;

    public int? ContextLength => checkpoint.Config.ContextLength;

    public IModelText? Text { get; } = checkpoint.Tokenizer is { } tokenizer ? new KernelText(tokenizer, checkpoint.ChatTemplate) : null;

    public ModelConfig? Shape => checkpoint.Config;

    public IModelGenerator CreateGenerator(Precision precision, Placement placement) =>
        new OwningGenerator(LanguageModels.Load(checkpoint, precision, placement));

    public float[] NextLogits(Precision precision, Placement placement, IReadOnlyList<int> tokens)
    {
        using ILanguageModel model = LanguageModels.Load(checkpoint, precision, placement);
        float[] last = [];
        model.Evaluate([.. tokens], (position, logits) =>
        {
            if (position == tokens.Count - 1)
                last = logits.ToArray();
        });
        return last;
    }

    public ITextReader CreateReader(Precision precision, Placement placement) =>
        new OwningReader(checkpoint, LanguageModels.Load(checkpoint, precision, placement));

    public void Dispose() => checkpoint.Dispose();

    /// <summary>A reader with the weights that were loaded for it.</summary>
    sealed class OwningReader(Checkpoint checkpoint, ILanguageModel model) : ITextReader
    {
        public int? TokenOf(string word)
        {
            try
            {
                return checkpoint.Tokenizer?.Encode(word) is [var token] ? token : null;
            }
            catch (HarnessException unknown) when (unknown.Diagnostic == KernelCodes.WordOutsideVocabulary)
            {
                return null;
            }
        }

        public void Read(IReadOnlyList<EvaluatedText> texts, TextLogitsVisitor visit) => model.Evaluate(texts, visit);

        public void Dispose() => model.Dispose();
    }

    /// <summary>A generator with the weights that were loaded for it.</summary>
    sealed class OwningGenerator(ILanguageModel model) : IModelGenerator
    {
        readonly IGenerator generator = model.CreateGenerator();

        public int Batch => model.Batch;

        public bool ExtendsPaths => true;

        public MemoryFit Fits(RequestShape shape) => model.Fits(shape);

        public void Generate(
            IReadOnlyList<GenerationRequest> requests,
            DecodingSettings settings,
            Action<Generation> finished,
            CancellationToken cancellation) =>
            generator.Generate(requests, settings, finished, cancellation);

        public void Dispose()
        {
            generator.Dispose();
            model.Dispose();
        }
    }
}
