using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Harness.Kernels.Diagnostics;
using ManagedCuda.BasicTypes;
using static ManagedCuda.DriverAPINativeMethods;

namespace Harness.Kernels.Driver;

/// <summary>Makes of a driver's result a failure that names the call, the result, the kernel, and what to do.</summary>
sealed class CudaErrors(bool synchronous)
{
    /// <summary>Set by the environment: every launch is waited for, so that a failing kernel is named exactly.</summary>
    public const string SynchronousVariable = "HARNESS_CUDA_SYNC";

    /// <summary>The kernel started last; null before the first.</summary>
    public KernelLaunch? LastLaunch { get; set; }

    /// <summary>Throws unless <paramref name="result"/> is success; <paramref name="expression"/> is the call itself.</summary>
    public void Check(CUResult result, [CallerArgumentExpression(nameof(result))] string expression = "")
    {
        if (result != CUResult.Success)
            throw Failure(result, expression, KernelCodes.CudaCall);
    }

    /// <summary>
    /// As <see cref="Check"/>, for the call that starts <see cref="LastLaunch"/>: what no earlier kernel did is its own failure.
    /// </summary>
    public void CheckLaunch(CUResult result, [CallerArgumentExpression(nameof(result))] string expression = "")
    {
        if (result != CUResult.Success)
            throw Failure(result, expression, KernelCodes.KernelLaunch, $"kernel {LastLaunch} could not be started: ");
    }

    /// <summary>The failure that <paramref name="result"/> is.</summary>
    /// <param name="otherwise">What it is where the result alone does not say.</param>
    /// <param name="before">Put before the call, unless an earlier kernel is at fault.</param>
    /// <param name="after">Put behind the call.</param>
    public HarnessException Failure(CUResult result, string expression, Diagnostic otherwise, string before = "", string after = "")
    {
        Diagnostic diagnostic = Of(result) ?? otherwise;
        string text = Text(result, expression) + after;
        return diagnostic.With(WithCure(diagnostic, diagnostic == KernelCodes.KernelFault ? Fault(text) : before + text));
    }

    /// <summary>As <see cref="Check"/> where no device is open yet.</summary>
    public static void CheckWithoutDevice(CUResult result, [CallerArgumentExpression(nameof(result))] string expression = "") =>
        new CudaErrors(false).Check(result, expression);

    /// <summary><c>cuMemAlloc_v2 returned 2 (CUDA_ERROR_OUT_OF_MEMORY): out of memory</c>.</summary>
    /// <param name="expression">The call, or its name alone.</param>
    public static string Text(CUResult result, string expression)
    {
        string call = expression.Split('(')[0];
        nint name = 0, meaning = 0;
        string named = ErrorHandling.cuGetErrorName(result, ref name) == CUResult.Success ? Marshal.PtrToStringUTF8(name)!
            : result.ToString();
        string meant = ErrorHandling.cuGetErrorString(result, ref meaning) == CUResult.Success ? $": {Marshal.PtrToStringUTF8(meaning)}"
            : "";
        return $"{call[(call.LastIndexOf('.') + 1)..]} returned {(int)result} ({named}){meant}";
    }

    public static string WithCure(Diagnostic diagnostic, string text) => $"{text}. {diagnostic.Cure}";

    string Fault(string text) => LastLaunch is null
        ? text
        : synchronous
            ? $"kernel {LastLaunch} failed: {text}"
            : $"{text}; the kernel that failed is {LastLaunch}, started last, or one before it";

    /// <summary>Which failure a result is; null where that depends on the call.</summary>
    static Diagnostic? Of(CUResult result) => result switch
    {
        CUResult.ErrorOutOfMemory => KernelCodes.DeviceMemory,
        CUResult.ErrorNoDevice or CUResult.ErrorInvalidDevice or CUResult.ErrorStubLibrary or CUResult.ErrorSystemDriverMismatch
            or CUResult.ErrorCompatNotSupportedOnDevice => KernelCodes.NoCuda,
        CUResult.UnsupportedPTXVersion => KernelCodes.CudaDriverTooOld,
        CUResult.ErrorInvalidPtx or CUResult.ErrorInvalidImage or CUResult.ErrorInvalidSource or CUResult.ErrorNoBinaryForGPU
            or CUResult.JITCompilerNotFound or CUResult.JITCompilationDisabled => KernelCodes.KernelRejected,
        CUResult.ErrorLaunchOutOfResources => KernelCodes.KernelLaunch,
        CUResult.ErrorIllegalAddress or CUResult.ErrorMisalignedAddress or CUResult.ErrorIllegalInstruction
            or CUResult.ErrorInvalidAddressSpace
            or CUResult.ErrorInvalidPC or CUResult.ErrorHardwareStackError or CUResult.ErrorAssert or CUResult.ErrorLaunchTimeout
            or CUResult.ErrorLaunchFailed => KernelCodes.KernelFault,
        CUResult.ErrorECCUncorrectable or CUResult.NVLinkUncorrectable or CUResult.Contained or CUResult.ErrorDeviceUnavailable
            or CUResult.ErrorContextIsDestroyed or CUResult.ErrorDeinitialized or CUResult.ErrorExternalDevice
                or CUResult.ErrorSystemNotReady
            or (>= CUResult.MpsConnectionFailed and <= CUResult.ErrorMPSClinetTerminated) => KernelCodes.DeviceLost,
        _ => null,
    };
}

/// <summary>A kernel that was started, and how.</summary>
readonly record struct KernelLaunch(KernelName Kernel, LaunchShape Shape)
{
    public override string ToString() => $"{Kernel} ({Shape})";
}
