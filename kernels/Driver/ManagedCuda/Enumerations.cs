namespace ManagedCuda.BasicTypes;

[Flags]
public enum CUInitializationFlags : uint
{
    None = 0,
}

[Flags]
public enum CUCtxFlags
{
    BlockingSync = 4,
}

public enum CUDeviceAttribute
{
    MultiProcessorCount = 16,
    ComputeCapabilityMajor = 75,
    ComputeCapabilityMinor = 76,
    MaxSharedMemoryPerBlockOptin = 97,
}

public enum CUFunctionAttribute
{
    MaxDynamicSharedSizeBytes = 8,
}

public enum CUJITOption
{
    InfoLogBuffer = 3,
    InfoLogBufferSizeBytes = 4,
    ErrorLogBuffer = 5,
    ErrorLogBufferSizeBytes = 6,
}

[Flags]
public enum CUMemHostAllocFlags
{
    None = 0,
}

[Flags]
public enum CUStreamFlags : uint
{
    NonBlocking = 1,
}

[Flags]
public enum CUEventFlags
{
    BlockingSync = 1,
    DisableTiming = 2,
}

public enum CUlaunchAttributeID
{
    ProgrammaticStreamSerialization = 6,
}

public enum CUstreamCaptureMode
{
    Local = 1,
}

[Flags]
public enum CUgraphInstantiate_flags : ulong
{
    None = 0,
}

/// <summary>The results that callers tell apart; the driver has more.</summary>
public enum CUResult
{
    Success = 0,
    ErrorInvalidValue = 1,
    ErrorOutOfMemory = 2,
    ErrorDeinitialized = 4,
    ErrorStubLibrary = 34,
    ErrorDeviceUnavailable = 46,
    ErrorNoDevice = 100,
    ErrorInvalidDevice = 101,
    ErrorInvalidImage = 200,
    ErrorNoBinaryForGPU = 209,
    ErrorECCUncorrectable = 214,
    ErrorInvalidPtx = 218,
    NVLinkUncorrectable = 220,
    JITCompilerNotFound = 221,
    UnsupportedPTXVersion = 222,
    JITCompilationDisabled = 223,
    Contained = 226,
    ErrorInvalidSource = 300,
    ErrorNotFound = 500,
    ErrorIllegalAddress = 700,
    ErrorLaunchOutOfResources = 701,
    ErrorLaunchTimeout = 702,
    ErrorPrimaryContextActive = 708,
    ErrorContextIsDestroyed = 709,
    ErrorAssert = 710,
    ErrorHardwareStackError = 714,
    ErrorIllegalInstruction = 715,
    ErrorMisalignedAddress = 716,
    ErrorInvalidAddressSpace = 717,
    ErrorInvalidPC = 718,
    ErrorLaunchFailed = 719,
    ErrorSystemNotReady = 802,
    ErrorSystemDriverMismatch = 803,
    ErrorCompatNotSupportedOnDevice = 804,
    MpsConnectionFailed = 805,
    MpsRpcFailure = 806,
    MpsServerNotReady = 807,
    MpsMaxClientsReached = 808,
    MpsMaxConnectionsReached = 809,
    ErrorMPSClinetTerminated = 810,
    ErrorExternalDevice = 911,
    ErrorUnknown = 999,
}
