using System.Text;
using System.Text.Json;
using BenchmarkDotNet.Attributes;
using Harness.Kernels.Checkpoints;
using Harness.Kernels.Tokenizers;

namespace Harness.Benchmarks.Tokenizers;

/// <summary>
/// One core through each family's pre-tokenizer, over GSM8K's problems and answers; times are of a byte of text, so that 500 ns are
/// 2 MB/s. Files are those of HARNESS_DATA.
/// </summary>
public class TokenizerBenchmarks
{
    const int Bytes = 500_000;

    Checkpoint? checkpoint;
    string text = "";
    int[] ids = [];

    [Params(
        "models/SmolLM2-135M-Instruct.Q4_1.gguf",
        "models/tiny",
        "reference/tiny/llama-tied",
        "reference/tiny/llama3-rope-untied",
        "reference/tiny/qwen2")]
    public string Model { get; set; } = "";

    Tokenizer Tokenizer => checkpoint!.Tokenizer!;

    [GlobalSetup]
    public void Open()
    {
        string folder = Environment.GetEnvironmentVariable("HARNESS_DATA")
            ?? throw new InvalidOperationException($"HARNESS_DATA names no folder with {Model}");
        checkpoint = ModelFiles.Open(Path.Combine(folder, Model));
        var words = new StringBuilder();
        foreach (string line in File.ReadLines(Path.Combine(folder, "data/gsm8k/test.jsonl")))
        {
            JsonElement problem = JsonDocument.Parse(line).RootElement;
            words.Append(problem.GetProperty("question").GetString()).Append('\n').Append(problem.GetProperty("answer").GetString())
                .Append("\n\n");
        }
        // A word-level vocabulary takes only its own words.
        if (Model == "models/tiny")
            words.Clear().Insert(0, "countdown 20 20 2 13 -> 66 think 13 * 2 = 26 ;\n", Bytes / 47 + 1);
        // A character may be cut at the end: it is one of half a million.
        text = Encoding.UTF8.GetString(Encoding.UTF8.GetBytes(words.ToString()).AsSpan(0, Bytes));
        ids = Tokenizer.Encode(text);
    }

    [GlobalCleanup]
    public void Close() => checkpoint?.Dispose();

    [Benchmark(OperationsPerInvoke = Bytes)]
    public int Encode() => Tokenizer.Encode(text).Length;

    [Benchmark(OperationsPerInvoke = Bytes)]
    public int Decode() => Tokenizer.Decode(ids, keepSpecial: true).Length;
}
