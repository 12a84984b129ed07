using System.Text.Json;
using Harness.Tests.Shared;

namespace Kernels.Tests.Checkpoints;

static class ReferenceFiles
{
    public static readonly string[] TinyNames = ["llama-tied", "llama3-rope-untied", "mistral", "qwen2", "qwen3"];

    public const string SmolLm2 = "models/SmolLM2-135M-Instruct.Q4_1.gguf";

    public static JsonElement Read(string relativePath) => JsonDocument.Parse(File.ReadAllBytes(Repository.Data(relativePath))).RootElement;

    public static int[] Ids(JsonElement holder, string name = "ids") =>
        [.. holder.GetProperty(name).EnumerateArray().Select(id => id.GetInt32())];

    public static string Text(JsonElement holder, string name) => holder.GetProperty(name).GetString()!;
}
