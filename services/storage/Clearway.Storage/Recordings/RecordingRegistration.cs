namespace Clearway.Storage.Recordings;

/// <summary>Registers recordings.</summary>
internal static class RecordingRegistration
{
    public static void AddRecordings(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RecordingLimits>().BindConfiguration("Recordings").ValidateDataAnnotations().ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<StorageMetrics>();
        builder.Services.AddSingleton<RecordingStore>();
        builder.Services.AddSingleton<RecordingCreation>();
        builder.Services.AddSingleton<RecordingUploads>();
        builder.Services.AddSingleton<RecordingSeals>();
        builder.Services.AddSingleton<RecordingReads>();
        builder.Services.AddHostedService<ContainerPreparation>();
    }
}
