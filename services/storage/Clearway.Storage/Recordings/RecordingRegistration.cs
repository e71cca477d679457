namespace Clearway.Storage.Recordings;

/// <summary>Registers recordings.</summary>
internal static class RecordingRegistration
{
    public static void AddRecordings(this IHostApplicationBuilder builder)
    {
        builder.Services.AddOptions<RecordingLimits>().BindConfiguration("Recordings").ValidateDataAnnotations()
            .Validate(
                limits => limits.Tenants.Values.Append(limits.Policy).All(policy => policy.IsValid),
                "The quota and the times of a policy in Recordings must be positive.")
           .ValidateOnStart();
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<StorageMetrics>();
        builder.Services.AddSingleton<RecordingStore>();
        builder.Services.AddSingleton<RecordingIndex>();
        builder.Services.AddSingleton<RecordingLocator>();
        builder.Services.AddSingleton<RecordingMessage>();
        builder.Services.AddSingleton<TenantUsage>();
        builder.Services.AddSingleton<Consents>();
        builder.Services.AddSingleton<Chapters>();
        builder.Services.AddSingleton<ManifestStore>();
        builder.Services.AddSingleton<RecordingCreation>();
        builder.Services.AddSingleton<RecordingChanges>();
        builder.Services.AddSingleton<RecordingRemoval>();
        builder.Services.AddSingleton<BlockMemory>();
        builder.Services.AddSingleton<UploadAdmission>();
        builder.Services.AddSingleton<RecordingUploads>();
        builder.Services.AddSingleton<RecordingSeals>();
        builder.Services.AddSingleton<SealedLookup>();
        builder.Services.AddSingleton<RecordingReads>();
        builder.Services.AddHostedService<ContainerPreparation>();
        builder.Services.AddSingleton<Janitor>();
        builder.Services.AddHostedService(services => services.GetRequiredService<Janitor>());
    }
}
