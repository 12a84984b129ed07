using System.CommandLine;
using Harness.Diagnostics;
using Harness.Engines;
using Harness.Engines.Kernels;
using Harness.Identity;
using Harness.Kernels.Configuration;
using Harness.Kernels.Decoding;
using Harness.Manifests;
using Harness.Records;
using Harness.Tasks;

namespace Harness.Commands;

/// <summary>harness generate: tries a model on one prompt.</summary>
sealed class GenerateCommand
{
    const int DefaultTokens = 128;

    readonly Argument<string> model = new("model") { Description = "A GGUF file or a Hugging Face folder." };
    readonly Option<string> prompt = new("--prompt") { Description = "The text to go on from.", Required = true };
    readonly Option<int> samples = new("-n", "--samples") { Description = "Answers to draw.", DefaultValueFactory = _ => 1 };
    readonly Option<float> temperature = new("--temperature") { Description = "0 is greedy.", DefaultValueFactory = _ => 0.8f };
    readonly Option<bool> chat = new("--chat") { Description = "Put the prompt through the model's chat template, as the user's message." };
    readonly Option<DateOnly?> date = new("--date")
    {
        Description = "The date that the chat template takes for the day's, such as 2024-07-26.",
        CustomParser = result =>
        {
            DateOnly? read = DateText.Read(result.Tokens[0].Value);
            if (read is null)
                result.AddError($"--date is {result.Tokens[0].Value}; expected a date, such as 2024-07-26");
            return read;
        },
    };
    readonly Option<int> maxTokens =
        new("--max-tokens") { Description = "Most tokens of an answer; by default 128, or what the context leaves." };
    readonly Option<int> topK = new("--top-k") { Description = "0 keeps all." };
    readonly Option<float> topP = new("--top-p") { Description = "1 keeps all.", DefaultValueFactory = _ => 1 };
    readonly Option<float> minP = new("--min-p") { Description = "0 keeps all." };
    readonly Option<ulong> seed = new("--seed") { Description = "Names the random draws.", DefaultValueFactory = _ => 1 };
    readonly PrecisionOption precision = new("f32, w8a8, or bf16 on a GPU.", Precision.F32);
    readonly Option<string> device = new("--device") { Description = "auto, cpu, cuda or cuda:N.", DefaultValueFactory = _ => "auto" };
    readonly Option<bool> json = new("--json") { Description = "As JSON, with token ids." };

    public static Command Create()
    {
        GenerateCommand options = new();
        Command command = new("generate", "Try a model on a prompt.")
        {
            options.model, options.prompt, options.samples, options.temperature, options.chat, options.date,
            options.maxTokens,
            options.topK, options.topP, options.minP, options.seed, options.device, options.json,
        };
        options.precision.AddTo(command);
        Require(options.samples, value => value >= 1, "1 or more");
        Require(options.temperature, DecodingSettings.IsTemperature, "0, or from 0.001 to 100");
        Require(options.maxTokens, value => value >= 1, "1 or more");
        Require(options.topK, value => value >= 0, "0 or more");
        Require(options.topP, value => value is > 0 and <= 1, "above 0, up to 1");
        Require(options.minP, value => value is >= 0 and <= 1, "from 0 to 1");
        command.SetAction(options.Run);
        return command;
    }

    static void Require<T>(Option<T> option, Func<T, bool> holds, string expected) => option.Validators.Add(result =>
    {
        if (result.Tokens.Count > 0 && result.Errors.All(error => error is null) && !holds(result.GetValueOrDefault<T>()))
            result.AddError($"{option.Name} is {result.Tokens[0].Value}; expected {expected}");
    });

    int Run(ParseResult parsed)
    {
        string location = parsed.GetRequiredValue(model);
        KernelEngine models = new();
        using IEngineModel opened = models.Open(ModelLocation.Find(models, location).Opens);
        IModelText text = opened.Text
            ?? throw Codes.UsageError.With($"model '{location}' has no tokenizer, so it can't read a prompt");
        if (parsed.GetValue(chat) && !text.HasChat)
            throw Codes.UsageError.With("--chat: the model has no chat template");
        DateOnly? day = parsed.GetValue(date);
        if (day is not null && !parsed.GetValue(chat))
            throw Codes.UsageError.With("--date needs --chat");
        if (day is not null && !text.AsksForDate)
            throw Codes.UsageError.With("--date: the model's chat template writes no date");
        int[] ids = text.Prompt(parsed.GetRequiredValue(prompt), parsed.GetValue(chat), day).Tokens;
        if (ids.Length == 0)
            throw Codes.UsageError.With("--prompt has no tokens");
        using IGenerator generator =
            opened.CreateGenerator(precision.ValueIn(parsed), new Placement { Device = parsed.GetRequiredValue(device) });
        List<Generation> finished = [];
        GenerationRequest request =
            new() { Problem = 0, Prompt = ids, Samples = [.. Enumerable.Range(0, parsed.GetRequiredValue(samples))] };
        using Interruption interruption = new();
        try
        {
            generator.Generate(
                [request], Settings(parsed, text, (opened.ContextLength ?? int.MaxValue) - ids.Length), finished.Add, interruption.Token);
        }
        catch (OperationCanceledException)
        {
            throw Codes.Cancelled.With($"interrupted; {finished.Count} answers were finished");
        }
        AnswerDecoder decoder = new(text.Decode, ThinkTags.Of(text.ChatSource));
        Print(parsed, decoder, [.. finished.OrderBy(generation => generation.Sample)]);
        return ExitCodes.Success;
    }

    /// <param name="room">Tokens that the context leaves beside the prompt.</param>
    DecodingSettings Settings(ParseResult parsed, IModelText text, int room) => new()
    {
        Seed = parsed.GetRequiredValue(seed),
        Temperature = parsed.GetRequiredValue(temperature),
        TopK = parsed.GetValue(topK),
        TopP = parsed.GetRequiredValue(topP),
        MinP = parsed.GetValue(minP),
        MaxTokens = parsed.GetValue(maxTokens) is > 0 and int stated ? stated : Math.Clamp(room, 1, DefaultTokens),
        StopTokens = text.EndTokens,
    };

    void Print(ParseResult parsed, AnswerDecoder decoder, Generation[] generations)
    {
        if (parsed.GetValue(json))
        {
            Console.WriteLine(JsonStyle.Write(generations.Select(generation => new
            {
                sample = generation.Sample,
                text = decoder.TextOf(generation),
                tokens = generation.Tokens,
                logprobs = generation.LogProbabilities,
                finish = generation.Finish.ToString().ToLowerInvariant(),
            })));
            return;
        }
        foreach (Generation generation in generations)
        {
            if (generations.Length > 1)
                Console.WriteLine($"--- {generation.Sample} ---");
            Console.WriteLine(decoder.TextOf(generation));
        }
    }
}
