import type { FileReply } from '../../server/files/contract.ts';
import { ApiError } from '../core/api.ts';
import type { ErrorCode } from '../core/error-words.ts';

/** Sends one file as the body and says how far it is: fetch tells nothing of that. @throws ApiError as the API's client does */
export const sendFile = <T>(address: string, file: File, onProgress: (percent: number) => void): Promise<T> =>
  new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open('POST', address);
    request.setRequestHeader('content-type', 'application/octet-stream');
    request.responseType = 'json';
    request.upload.onprogress = ({ loaded, total }) => onProgress(Math.round((loaded / Math.max(1, total)) * 100));
    request.onerror = () => reject(new ApiError('offline', 0));
    request.onload = () => {
      if (request.status === 201) return resolve(request.response as T);
      const body = request.response as { error?: { code?: ErrorCode; data?: Record<string, unknown> } } | null;
      reject(new ApiError(body?.error?.code ?? 'unavailable', request.status, body?.error?.data ?? {}));
    };
    request.send(file);
  });

/** To the files that hang on something. */
export const upload = (to: { kind: string; ref: string }, file: File, onProgress: (percent: number) => void): Promise<FileReply> =>
  sendFile<FileReply>(`/api/files?${new URLSearchParams({ ...to, name: file.name })}`, file, onProgress);
